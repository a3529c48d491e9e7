"""Key figures: what changes."""
