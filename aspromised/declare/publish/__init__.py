"""What is written from the models: schema, reference, scaffold."""
