"""Accruals: what changes."""
