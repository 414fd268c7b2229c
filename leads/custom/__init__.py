"""Fields that a company makes itself: what they are now, their values, and the work that changes make."""
