"""Rosters: what reads."""
