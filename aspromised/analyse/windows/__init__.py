"""Windows and periods: which local days a question is about."""
