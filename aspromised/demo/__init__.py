"""The demo company: Fernway Home, an invented furniture retailer with planted, measured stories."""

from aspromised.demo.build import build

__all__ = ["build"]
