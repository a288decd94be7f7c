"""How things are shown: one protocol, HTML fragments, Jupyter, print."""
