"""Samplan module: rosters optimised, simulated, explained and published."""
