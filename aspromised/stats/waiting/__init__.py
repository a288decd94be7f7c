"""Why cases waited between two activities: who enabled whom, work done in batches, hours kept, and the five causes."""
