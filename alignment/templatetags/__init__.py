"""Template tags of the definition pages."""
