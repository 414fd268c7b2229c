"""What every part of the API shares: errors, bodies, pages, throttling, safe repeats, description."""
