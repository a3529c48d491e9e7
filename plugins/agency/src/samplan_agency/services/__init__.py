"""What changes; the session is the first argument, the boundary commits."""
