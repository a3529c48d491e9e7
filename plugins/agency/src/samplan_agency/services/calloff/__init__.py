"""Call-offs: what changes."""
