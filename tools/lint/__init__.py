"""House rules that no ready-made linter knows: one module a rule, its reason in its docstring.

`python -m tools.lint` prints one line for each place that breaks a rule and exits with 1 if there is any.
"""
