"""Every table we keep, once: its name, its columns, their types and what they mean. No SQL, no data."""
