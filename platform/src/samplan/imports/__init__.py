"""Reading tables that people send, with every fault named by sheet, row and column."""
