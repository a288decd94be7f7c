"""`status` and `why`: where promises stand, in rows of figures, tables and words."""
