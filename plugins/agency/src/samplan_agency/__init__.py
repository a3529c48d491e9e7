"""Samplan module: what hired staff cost, why, and the way to independence."""
