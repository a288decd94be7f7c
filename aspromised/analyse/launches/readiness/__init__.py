"""The verdict on each launch, its days, and its words."""
