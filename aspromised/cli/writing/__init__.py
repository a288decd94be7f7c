"""`sign`, `ledger` and `certificate`: what people write for good."""
