"""The collector's side: a network of local partners, and the cases they work."""
