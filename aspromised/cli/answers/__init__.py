"""What commands answer with `--json`: every answer declared once; docs/json.md and its schema come from it, tests hold the answers to it.

They are typed dictionaries: who fills one is checked by mypy, pydantic reads the same declaration as a schema, and no
figure is converted on its way out.
"""
