"""What if: typed changes of a ward's input, applied one after the other; pure."""
