"""How a kept rate meets a target: the version in force, its interval, and what may be said of it."""
