"""One's own roster, wishes and requests: what reads."""
