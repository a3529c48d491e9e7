"""Re-planning: what changes."""
