"""Samplan module: care areas at risk, from gross list to followed-up action plan."""
