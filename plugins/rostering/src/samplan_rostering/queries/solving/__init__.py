"""Optimisation: what reads."""
