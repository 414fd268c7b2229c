"""The API of people: who is asking."""
