"""Messages, documents, updates and complaints. One verb a file."""
