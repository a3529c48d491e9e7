"""Periods: what reads."""
