"""Forecast and budget: what changes."""
