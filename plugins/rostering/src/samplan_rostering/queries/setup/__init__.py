"""Setting a ward up: what reads."""
