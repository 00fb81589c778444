"""Coverage rows from the database: one query counts a whole organisation on any day.

Who is expected to hold what is in competencies/queries/expected.sql; the definitions in words are in
docs/guide/how-we-count.md.
"""

from datetime import date
from pathlib import Path

import pandas as pd
from django.db import connection

from workforce.models import Organisation, Tier

from ..models import Adoption, Edition, LocalRequirement
from ..queries.expected import EXPECTED, EXPECTED_AND_LOCAL

LEFT_COUNTED_DAYS = 365
LONG_LEAVE_DAYS = 28
RENEWAL_MONTHS = 3
DEEPEST_TREE = 20

# The planner cannot know how many rows each step gives and would pick loops within loops, or sort half a million
# rows to group them. Told to hash, in up to 64 MB for a step, it counts 20,000 staff in about 3 seconds.
BY_HASH = """
    SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_sort = off;
    SET LOCAL jit = off; SET LOCAL work_mem = '32MB'; SET LOCAL hash_mem_multiplier = 2;
"""
AS_BEFORE = """;
    SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL enable_sort TO DEFAULT;
    SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT;
    SET LOCAL hash_mem_multiplier TO DEFAULT
"""
_OF_EDITION, _OF_LOCAL, _COUNT = (
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("of_edition.sql", "of_local.sql", "count.sql")
)
_EDITION = BY_HASH + EXPECTED + _OF_EDITION + _COUNT + AS_BEFORE
_LOCAL = BY_HASH + EXPECTED_AND_LOCAL + _OF_LOCAL + _COUNT + AS_BEFORE


def edition_in_force(organisation: Organisation, on: date) -> Edition | None:
    """The edition that the organisation goes by on the day, or None if it has adopted none."""
    adoption = (
        Adoption.objects.filter(organisation=organisation, during__contains=on)
        .select_related("edition__framework")
        .first()
    )
    return adoption.edition if adoption else None


def coverage_rows(
    organisation: Organisation, edition: Edition, on: date, tier: Tier | None = None
) -> pd.DataFrame:
    """One row for each node, tier (or the one named), capability and engagement; the columns are `tables.COLUMNS`."""
    return _counted(_EDITION, organisation, edition, on, tier)


def local_rows(organisation: Organisation, edition: Edition, on: date) -> pd.DataFrame | None:
    """The same for what the organisation asks on top of the edition; None where it asks nothing more on the day."""
    if not LocalRequirement.objects.filter(organisation=organisation, during__contains=on).exists():
        return None
    rows = _counted(_LOCAL, organisation, edition, on, None)
    return None if rows.empty else rows


def _counted(
    sql: str, organisation: Organisation, edition: Edition, on: date, tier: Tier | None
) -> pd.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "organisation": organisation.pk,
                "edition": edition.pk,
                "on": on,
                "user": None,
                "tier": tier.pk if tier else None,
                "long_leave": LONG_LEAVE_DAYS,
                "left_counted": LEFT_COUNTED_DAYS,
                "renewal": RENEWAL_MONTHS,
                "deepest": DEEPEST_TREE,
            },
        )
        while cursor.description is None:
            cursor.nextset()
        columns = [column.name for column in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=columns)
