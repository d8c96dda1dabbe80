"""The network: who partners are, who vetted them, what they cover. One verb a file."""
