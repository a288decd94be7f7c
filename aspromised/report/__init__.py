"""What leaves the house on paper: records that are frozen, dated and can be checked."""
