"""Setting a ward up: what changes."""
