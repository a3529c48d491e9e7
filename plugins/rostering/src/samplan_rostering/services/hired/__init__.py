"""Call-off and hired staff: what changes."""
