"""Exchange with the Electronic Staff Record (ESR) by CSV: what people hold out, what they learned elsewhere in."""
