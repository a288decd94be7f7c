"""Chains judged: what each stage took of every case, how it handed over, and where late minutes went."""
