"""Call-off and hired staff: what reads."""
