"""Who is expected to hold what, on a day: said once, for pages about a person and for coverage.

expected.sql is what editions ask. local.sql goes on from it with what organisations ask on top; nothing that counts
an edition reads it.
"""

from pathlib import Path

# Ends in the table `expected`; whoever uses it goes on with a comma or a SELECT.
EXPECTED = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
# The same, and then the table `locally`.
EXPECTED_AND_LOCAL = EXPECTED + Path(__file__).with_name("local.sql").read_text(encoding="utf-8")

_ADOPTED = "a.edition_id, u.first_nhs_day"
_INSTEAD = "CASE WHEN a.edition_id IS NOT NULL THEN %(edition)s::bigint END AS edition_id, u.first_nhs_day"
# The same, as if each organisation that goes by some edition went by `edition` instead: a draft, to be previewed.
_before, _after = EXPECTED.split(_ADOPTED)
EXPECTED_UNDER = _before + _INSTEAD + _after
