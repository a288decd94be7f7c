"""SQL as trees: the guard of authors' text, templates, quoting, and the engines that run it."""
