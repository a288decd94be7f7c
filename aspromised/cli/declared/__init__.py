"""`check` and `diff`: what the YAML says, and what a change of it does."""
