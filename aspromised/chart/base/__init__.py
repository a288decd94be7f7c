"""What every chart and ledger is made with."""
