"""What authors may write in SQL: read, bounded and rendered again before any engine sees it."""
