"""The invented trusts themselves: teams, staff lists month by month, seats, grants and accounts."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from competencies.actions import adopt_edition, set_up_framework_editors
from competencies.models import Edition
from workforce.actions import (
    appoint_founding_verifier,
    grant,
    join_organisation,
    open_post,
    place_team,
    seat_on_committee,
)
from workforce.imports.staff import import_staff
from workforce.models import Committee, Grant, Organisation, Post, Team, Tier, User
from workforce.months import months_after

from .accounts import ACCOUNTS, DOMAIN, PASSWORD
from .people import MONTHS, TRUSTS, WILLOWMERE, Person, Trust, staff_list, staff_of

LONG_AGO = date(2000, 4, 1)
# (role of a patient representative, committee, how many sit on it)
COMMITTEES = (
    ("safety_quality_committee", "Safety and quality committee", 3),
    ("board_subcommittee", "People and culture committee", 2),
    ("incident_review_group", "Incident learning group", 3),
    ("place_assessor", "Care environment visits", 4),
)
PARTNERS = (
    "Dorothy Pinecone",
    "Walter Teasel",
    "Parveen Cornflower",
    "Gareth Sedge",
    "Ngozi Hollyhock",
    "Bridget Comfrey",
    "Ken Burdock",
    "Salma Jasmine",
    "Ruth Wisteria",
    "Ivan Knapweed",
    "Mary Vetch",
    "Desmond Teazle",
)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))


def build_trusts(today: date) -> dict[str, list[Person]]:
    """Make both trusts with 18 months of staff lists; returns their people by the trust's code."""
    edition = Edition.objects.get()
    people = {}
    for trust in TRUSTS:
        organisation = _found(trust, edition, today)
        people[trust.code] = staff_of(trust, today)
        first = months_after(today.replace(day=1), -MONTHS)
        for month in range(MONTHS + 1):
            _take_in(organisation, people[trust.code], months_after(first, month))
        _take_in(organisation, people[trust.code], today)
    _seat_partners(today)
    _give_grants(today)
    _open_accounts()
    _name_for_good()
    return people


def _take_in(organisation: Organisation, people: list[Person], on: date) -> None:
    import_staff(organisation=organisation, data=staff_list(people, on), on=on, at=at(on, 0))


def _found(trust: Trust, edition: Edition, today: date) -> Organisation:
    organisation = Organisation.objects.create(
        code=trust.code,
        name=trust.name,
        region=trust.region,
        opened=LONG_AGO,
        joined=months_after(today.replace(day=1), -MONTHS),
        is_invented=True,
    )
    adopt_edition(organisation=organisation, edition=edition, on=LONG_AGO)
    teams: dict[str | None, Team | None] = {None: None}
    for place in trust.places:
        team = Team.objects.create(organisation=organisation, code=place.code, name=place.name)
        teams[place.code] = team
        place_team(team=team, parent=teams[place.parent], start=LONG_AGO)
    return organisation


def _seat_partners(today: date) -> None:
    """Patient representatives have no staff number; their post says only which expectations apply."""
    trust = Organisation.objects.get(code=WILLOWMERE.code)
    team, tier = Team.objects.get(organisation=trust, code="PSP"), Tier.objects.get(key="patients")
    link = User.objects.get(email=f"lead@{DOMAIN}")
    committees = [
        Committee.objects.create(organisation=trust, role_key=role, name=name, link_person=link)
        for role, name, _ in COMMITTEES
    ]
    seats = [number for _, _, number in COMMITTEES]
    places = [committee for committee, number in zip(committees, seats, strict=True) for _ in range(number)]
    for number, name in enumerate(PARTNERS):
        email = f"patient@{DOMAIN}" if number == 0 else f"partner{number}@{DOMAIN}"
        user = User.objects.create_user(email, name=name)
        start = today - timedelta(days=40 + 45 * ((number * 5) % 11))
        open_post(
            membership=join_organisation(user=user, organisation=trust),
            team=team,
            tier=tier,
            start=start,
            engagement=Post.Engagement.LAY,
            at=at(start),
        )
        seat_on_committee(user=user, committee=places[number], start=start, end=months_after(start, 18))
    seat_on_committee(
        user=User.objects.get(email=f"patient@{DOMAIN}"),
        committee=committees[2],
        start=today - timedelta(days=20),
    )


def _give_grants(today: date) -> None:
    started = months_after(today.replace(day=1), -MONTHS)
    willowmere, puddlecombe = (Organisation.objects.get(code=trust.code) for trust in TRUSTS)
    who = {
        key: User.objects.get(email=f"{key}@{DOMAIN}")
        for key in ("manager", "lead", "expert", "neighbour", "board")
    }
    for key, organisation in (("lead", willowmere), ("neighbour", puddlecombe)):
        grant(
            user=who[key], role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=started, at=at(started)
        )
    ward = Team.objects.get(organisation=willowmere, code="MED-OLD")
    grant(user=who["manager"], role=Grant.Role.TEAM_LEAD, scope=ward, start=started, at=at(started))
    education = User.objects.create_user(f"education@{DOMAIN}", name=_name("education"))
    grant(user=education, role=Grant.Role.EDUCATION_LEAD, scope=None, start=started, at=at(started))
    education.groups.add(set_up_framework_editors())
    for key, organisation in (("expert", willowmere), ("lead", willowmere), ("neighbour", puddlecombe)):
        appoint_founding_verifier(
            user=who[key],
            organisation=organisation,
            start=months_after(today.replace(day=1), -MONTHS + 1),
            reason="Chosen by the board to confirm the first practice, because nobody holds level 3 yet.",
            by=who["board"],
            at=at(started),
        )
    guardian = willowmere.memberships.filter(posts__team__code="SUP-OUT").order_by("pk")[0].user
    grant(user=guardian, role=Grant.Role.SPEAK_UP_GUARDIAN, scope=willowmere, start=started, at=at(started))


def _open_accounts() -> None:
    for key, group in (("editor", "Editors"), ("moderator", "Moderators")):
        user = User.objects.create_user(f"{key}@{DOMAIN}", name=_name(key))
        user.groups.add(Group.objects.get(name=group))
    User.objects.create_user(f"newcomer@{DOMAIN}", name=_name("newcomer"))
    emails = [account.email for account in ACCOUNTS]
    User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))


def _name_for_good() -> None:
    """Numbers of accounts that are the same each time; elsewhere they are drawn at random."""
    users = list(User.objects.all())
    for user in users:
        user.uuid = uuid5(NAMESPACE_URL, f"account {user.email}")
    User.objects.bulk_update(users, ["uuid"])


def _name(key: str) -> str:
    return next(account.name for account in ACCOUNTS if account.key == key)
