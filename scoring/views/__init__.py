"""The pages of previews, of trying one lead, and of an activation that runs."""
