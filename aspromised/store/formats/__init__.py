"""Files of every format as raw rows of text."""
