"""`python -m arrears` is the same as `arrears`."""

from arrears.cli import main

main()
