"""AsPromised: what is promised to customers, what is kept, and where it breaks."""

__version__ = "0.1.0"
