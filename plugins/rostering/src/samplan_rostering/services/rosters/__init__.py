"""Rosters: what changes."""
