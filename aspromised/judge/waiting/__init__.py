"""Why cases waited, of chains that are read from an event log."""
