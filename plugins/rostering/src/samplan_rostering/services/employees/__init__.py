"""Employees: what changes."""
