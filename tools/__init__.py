"""Tools for working on Arrears; not part of the installed package."""
