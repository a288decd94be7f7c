"""Layer 3: snapshots become the tables and sentences that readers act on."""
