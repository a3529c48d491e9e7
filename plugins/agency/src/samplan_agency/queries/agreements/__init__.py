"""Framework agreements: what reads."""
