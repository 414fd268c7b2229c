"""Pages of people: the way in, colleagues and teams, tokens, one's own settings, the organisation."""
