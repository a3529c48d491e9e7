"""Consultation, publication and what goes out of it: what reads."""
