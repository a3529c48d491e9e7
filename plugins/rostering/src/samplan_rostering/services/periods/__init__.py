"""Periods: what changes."""
