"""`python -m samplan`: the same as the `samplan` command."""

from samplan.cli import main

main()
