"""Measures: what reads."""
