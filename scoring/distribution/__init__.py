"""How grades and points are spread over the whole base, now, by week and by group."""
