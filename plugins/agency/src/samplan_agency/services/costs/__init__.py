"""Costs and own staff: what changes."""
