"""Coverage rows from the database: one query counts a whole organisation on any day.

Who is expected to hold what is in competencies/queries/expected.sql; the definitions in words are in
docs/guide/how-we-count.md.
"""

from datetime import date
from pathlib import Path

import pandas as pd
from django.db import connection

from workforce.models import Organisation

from ..models import Adoption, Edition
from ..queries.expected import EXPECTED

LEFT_COUNTED_DAYS = 365
LONG_LEAVE_DAYS = 28
RENEWAL_MONTHS = 3
DEEPEST_TREE = 20

# The planner cannot know how many rows each step gives and would pick loops within loops: told not to, it joins
# by hash, which takes half a second where the loops took 30.
_BY_HASH = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off;"
_AS_BEFORE = ";SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT"
_COUNT = _BY_HASH + EXPECTED + Path(__file__).with_name("count.sql").read_text(encoding="utf-8") + _AS_BEFORE


def edition_in_force(organisation: Organisation, on: date) -> Edition | None:
    """The edition that the organisation goes by on the day, or None if it has adopted none."""
    adoption = (
        Adoption.objects.filter(organisation=organisation, during__contains=on)
        .select_related("edition__framework")
        .first()
    )
    return adoption.edition if adoption else None


def coverage_rows(organisation: Organisation, edition: Edition, on: date) -> pd.DataFrame:
    """One row for each node, tier, capability and engagement; the columns are `tables.COLUMNS`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "organisation": organisation.pk,
                "edition": edition.pk,
                "on": on,
                "user": None,
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
