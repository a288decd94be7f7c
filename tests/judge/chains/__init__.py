"""Chains: what is declared of them and how they are judged."""
