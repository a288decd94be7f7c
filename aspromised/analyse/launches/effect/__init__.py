"""What a launch did to customers, beside what was usual."""
