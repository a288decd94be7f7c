"""`python -m aspromised` is the `aspromised` command."""

from aspromised.cli import main

main()
