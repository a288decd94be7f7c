"""One claim and the ledger of all claims."""
