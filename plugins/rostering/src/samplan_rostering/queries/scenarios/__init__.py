"""Scenarios: what reads."""
