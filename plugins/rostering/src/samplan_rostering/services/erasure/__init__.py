"""Erasure of personal data: what changes."""
