"""The API of leads and what they did."""
