"""The API of what was agreed."""
