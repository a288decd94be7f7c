"""The budget of misses a target forgives: spent, burning, and out of reach."""
