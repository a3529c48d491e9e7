"""Measures: what changes."""
