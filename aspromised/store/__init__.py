"""Records in, tables out. The warehouse that a refresh writes, the snapshots that everybody reads."""
