"""Wishes, time off and swaps: what reads."""
