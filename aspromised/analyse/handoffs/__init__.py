"""Chains as a reader meets them: stages, their late minutes and owners, what follows a late handover, quality."""
