"""The optimiser: a problem value goes in, a solution value comes out."""
