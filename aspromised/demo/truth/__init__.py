"""What is true of the demo company, computed by the generator with pandas and without the product."""
