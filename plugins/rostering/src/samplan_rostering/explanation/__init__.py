"""Explanations in words and as values, for the command line and the API."""
