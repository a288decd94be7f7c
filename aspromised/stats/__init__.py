"""The statistics, by their names in the field: pure functions of numbers, readable by a statistician alone."""
