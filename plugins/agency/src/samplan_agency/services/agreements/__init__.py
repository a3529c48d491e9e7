"""Framework agreements: what changes."""
