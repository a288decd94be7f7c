"""Sources: which files, loaded once, with their health."""
