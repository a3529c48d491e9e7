"""Invoice control: what reads."""
