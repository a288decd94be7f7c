"""What is open, what will break by when, how likely that is and how well that has been forecast."""
