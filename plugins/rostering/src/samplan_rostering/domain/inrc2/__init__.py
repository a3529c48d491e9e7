"""Instances of the competition INRC-II: their values, their texts, and what a roster costs."""
