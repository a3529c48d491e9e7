"""Call-offs: what reads."""
