"""The API of handoffs: what sales has, and what it did."""
