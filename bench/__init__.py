"""`./dev bench`: what must be fast, measured beside the fastest that the same machine could do at that moment."""
