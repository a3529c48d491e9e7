"""Accruals: what reads."""
