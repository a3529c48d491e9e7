"""Samplan module: the blood services of several regions mapped as one."""
