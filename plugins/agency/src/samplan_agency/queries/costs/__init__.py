"""Costs and own staff: what reads."""
