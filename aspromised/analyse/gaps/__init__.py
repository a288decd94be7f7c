"""Where a promise breaks: parts, hours, lateness, items."""
