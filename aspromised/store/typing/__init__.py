"""From raw rows to typed rows."""
