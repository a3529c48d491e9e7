"""One person's data: what a tenant keeps about somebody, as a register extract, and its erasure."""
