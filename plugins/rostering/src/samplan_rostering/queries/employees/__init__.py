"""Employees: what reads."""
