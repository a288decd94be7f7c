"""The charts and ledgers of launches."""
