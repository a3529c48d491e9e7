"""Why there is no roster: the smallest set of rules, locked cells and requirements that clash."""
