"""Delivered files: what changes."""
