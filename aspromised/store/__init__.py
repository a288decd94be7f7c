"""Layer 2: records in, tables out. The warehouse that a refresh writes, the snapshots that everybody reads."""
