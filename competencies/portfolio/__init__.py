"""A portfolio for level 4: gathered in private over time, and read by a panel of two that its person chooses."""
