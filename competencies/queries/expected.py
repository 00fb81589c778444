"""Who is expected to hold what, on a day: expected.sql says it once, for pages about a person and for coverage."""

from pathlib import Path

# Ends in the table `expected`; whoever uses it goes on with a comma or a SELECT.
EXPECTED = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
