"""The pages of the definition: read it, change a draft of it, sign it."""
