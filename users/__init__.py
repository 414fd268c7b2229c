"""People, roles and teams, the organisation they work for, sign-in and API tokens."""
