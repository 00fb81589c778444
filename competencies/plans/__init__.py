"""Learning plans: who is on them follows from posts, and what is done follows from the record."""
