"""The content library: what is suggested for a lead and why, and what is used."""
