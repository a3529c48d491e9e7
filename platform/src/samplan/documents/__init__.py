"""One way to make each kind of document."""
