"""How departments serve one another: who rates whom, what a team gets, gives, owes, and what it is told of it."""
