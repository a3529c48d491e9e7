"""Wishes, time off and swaps: what changes."""
