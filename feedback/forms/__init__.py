"""What the pages ask, read into plain values; the services judge."""
