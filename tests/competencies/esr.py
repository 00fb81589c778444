"""A trust that exchanges files with ESR, for tests."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from competencies.esr.naming import set_esr_credits
from competencies.esr.spelling import folded
from competencies.models import Capability, EsrCredit, EsrName, EsrProfile, Evidence, Holding
from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

START = date(2020, 1, 6)
ESSENTIALS = "000 Patient Safety Level 1 – Essentials for all staff"
HEADINGS = ("Employee Number", "Competency Name", "Date Last Awarded", "Expiry Date")
Row = tuple[str, ...]
Staff = Callable[[str], User]


def know_essentials(organisation: Organisation | None = None, level: int = 1) -> EsrName:
    name = EsrName.objects.create(organisation=organisation, name=ESSENTIALS, folded=folded(ESSENTIALS))
    for code in ("SS-1", "SS-2"):
        EsrCredit.objects.create(esr_name=name, capability=Capability.objects.get(code=code), level=level)
    set_esr_credits(name=name)
    return name


def profile(organisation: Organisation, vpd: str = "457") -> EsrProfile:
    return EsrProfile.objects.create(organisation=organisation, vpd=vpd)


def employ(organisation: Organisation, number: str | None, end: date | None = None) -> User:
    team, _ = Team.objects.get_or_create(organisation=organisation, code="W1", defaults={"name": "Ward 1"})
    tier, _ = Tier.objects.get_or_create(key="frontline", defaults={"label": "Frontline", "order": 1})
    user = User.objects.create_user(f"{number}.{User.objects.count()}@trust.example", name=f"Person {number}")
    membership = Membership.objects.create(user=user, organisation=organisation, staff_number=number)
    Post.objects.create(membership=membership, team=team, tier=tier, during=during(START, end))
    return user


def esr_file(*rows: Row, headings: Row = HEADINGS, delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
    return file.getvalue().encode()


def held_by(user: User) -> list[tuple[Any, ...]]:
    rows = Holding.objects.filter(user=user).order_by("capability__code", "during")
    return list(rows.values_list("capability__code", "level", "during"))


def evidence_of(user: User) -> list[tuple[Any, ...]]:
    rows = Evidence.objects.filter(user=user, withdrawn_at=None).order_by(
        "capability__code", "level", "achieved"
    )
    return list(
        rows.values_list("capability__code", "level", "statement", "achieved", "expires", "recorded_at")
    )
