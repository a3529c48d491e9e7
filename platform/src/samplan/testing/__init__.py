"""Shared test fixtures, registered with pytest as `samplan`."""
