"""What was worked: what changes."""
