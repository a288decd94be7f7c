"""One promotion opened."""
