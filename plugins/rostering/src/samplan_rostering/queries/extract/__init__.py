"""Register extracts: what reads."""
