"""A passport to keep: as JSON for other systems, and as PDF for people."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.formats import date_format

from workforce.models import User

from ..models import Badge
from .openbadges import moment
from .queries import PassportEntry, Standing, editions_of
from .signing import issuer

# The shape of the JSON, described in docs/guide/passport.md. A change that breaks readers gets the next number.
SHAPE = 1
_PAGE = Path(__file__).with_name("passport.typ")


def as_json(
    user: User, held: Sequence[PassportEntry], badges: Sequence[tuple[Badge, Standing, str]], at: datetime
) -> dict[str, Any]:
    return {
        "format": "promise-to-learn-passport",
        "version": SHAPE,
        "made_at": moment(at),
        "service": {"name": issuer().name, "address": issuer().base},
        "person": {"name": user.name},
        "holdings": [_holding(one) for one in held],
        "badges": [
            {"id": str(badge.uuid), "standing": standing.value, "signed": badge.signed}
            for badge, standing, _ in badges
        ],
    }


def _holding(held: PassportEntry) -> dict[str, Any]:
    return {
        "capability": {
            "iri": held.capability.iri,
            "code": held.capability.code,
            "name": held.wording.name,
            "domain": held.wording.domain.name,
        },
        "framework": held.edition.framework.title,
        "edition": held.edition.version,
        "level": {"number": held.level.number, "label": held.level.label, "meaning": held.level.meaning},
        "since": held.since.isoformat(),
        "last_day": held.last_day.isoformat() if held.last_day else None,
        "evidence": list(held.evidence),
        "confirmed_by": [
            {
                "name": act.signed_name,
                "role": act.signed_role,
                "registration": act.signed_registration,
                "on": timezone.localdate(act.at).isoformat(),
            }
            for act in held.confirmed_by
        ],
    }


def as_pdf(user: User, held: Sequence[PassportEntry], at: datetime) -> bytes:
    """A4, tagged for screen readers (PDF/UA-1). What people are called is data to the page, never markup."""
    said = {
        "service": issuer().name,
        "address": issuer().base,
        "name": user.name,
        "day": _day(timezone.localdate(at)),
        "editions": editions_of(held),
        "held": [
            {
                "name": one.wording.name,
                "code": one.capability.code,
                "domain": one.wording.domain.name,
                "level": f"Level {one.level.number}, {one.level.label}",
                "meaning": one.level.meaning,
                "since": _day(one.since),
                "last_day": _day(one.last_day) if one.last_day else "No end date",
                "evidence": list(one.evidence),
                "confirmed_by": [
                    f"{act.signature}, {_day(timezone.localdate(act.at))}" for act in one.confirmed_by
                ],
            }
            for one in held
        ],
    }
    pdf = typst.compile(
        _page(),
        format="pdf",
        sys_inputs={"passport": json.dumps(said)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 what a single file is compiled to
    return pdf


@lru_cache(maxsize=1)
def _page() -> bytes:
    return _PAGE.read_bytes()


def _day(day: date) -> str:
    return date_format(day, "j F Y")
