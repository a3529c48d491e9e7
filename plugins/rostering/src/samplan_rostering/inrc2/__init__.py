"""Rosters of the competition INRC-II: their files, and the command that judges them."""
