"""Key figures: what reads."""
