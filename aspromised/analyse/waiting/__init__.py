"""Why cases waited between activities, who decided, and which way cases took: of chains read from an event log."""
