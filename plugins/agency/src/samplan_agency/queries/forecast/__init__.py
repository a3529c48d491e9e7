"""Forecast and budget: what reads."""
