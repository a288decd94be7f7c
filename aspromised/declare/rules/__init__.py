"""Rules about declared things that several readers share."""
