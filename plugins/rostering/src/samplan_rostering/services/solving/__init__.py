"""Optimisation: what changes."""
