"""What a promotion asked of operations, and how much more would be borne."""
