"""From a declared promise to a plan with every name resolved and every expression guarded."""
