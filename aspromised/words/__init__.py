"""Layer 0: the words everything else is said in. Imports nothing of ours."""
