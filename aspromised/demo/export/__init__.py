"""The company's tables as its systems would export them, dirty rows and all."""
