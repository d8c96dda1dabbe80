"""People: users, organisations, memberships, and the secrets they entrust to us."""
