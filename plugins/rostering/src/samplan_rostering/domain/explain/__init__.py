"""Explain a roster by the evaluator alone: what a change does, why a gap is there, what would close it."""
