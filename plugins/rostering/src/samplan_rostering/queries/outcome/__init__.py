"""What was worked: what reads."""
