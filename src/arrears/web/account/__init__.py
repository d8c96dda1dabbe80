"""Signing in: how many guesses are allowed, forgotten passwords, passkeys, where somebody is signed in."""
