"""Nouns and rules, as plain values and pure functions.

Nothing here reads a file at call time, opens a connection, asks the clock or draws a random number.
"Today" is always an argument, so every decision can be repeated and tested.
"""
