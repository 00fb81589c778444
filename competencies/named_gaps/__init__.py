"""Named gaps: who has which gap, for those who lead, and only where the organisation chose it."""
