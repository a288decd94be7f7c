"""The words everything else is said in. Imports nothing of ours."""
