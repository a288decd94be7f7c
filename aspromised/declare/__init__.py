"""YAML becomes objects that know their place in the file."""
