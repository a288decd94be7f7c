"""Chains as pictures and typeset tables."""
