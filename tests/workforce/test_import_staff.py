from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.workforce.conftest import DAY, START
from workforce.actions import open_post
from workforce.imports.faults import Refused
from workforce.imports.staff import Summary, import_staff
from workforce.models import Absence, Membership, Organisation, Post, StaffImport, Team, Tier, User
from workforce.models.ranges import during
from workforce.queries import current_posts

StaffList = Callable[..., bytes]
ADA = {"staff_number": "0001", "name": "Ada Example", "email": "Ada@zz1.example"}
BEN = {"staff_number": "0002", "name": "Ben Example", "post_start": "01/03/2021"}
CAT = {"staff_number": "0003", "name": "Cat Example", "tier": "managers", "team_code": "clinic"}


@pytest.fixture(autouse=True)
def places(ward: Team, clinic: Team, frontline: Tier, managers: Tier) -> None:
    """The places and tiers that the lists name."""


def take_in(trust: Organisation, data: bytes, on: date = DAY, *, partial: bool = False) -> Summary:
    return import_staff(organisation=trust, data=data, on=on, partial=partial)


def faults_of(trust: Organisation, data: bytes) -> list[tuple[int, str]]:
    """Row and column of each fault; nothing may have been stored."""
    before = stored()
    with pytest.raises(Refused) as refused:
        take_in(trust, data)
    assert stored() == before
    return [(fault.row, fault.column) for fault in refused.value.faults]


def stored() -> list[int]:
    return [model.objects.count() for model in (User, Membership, Post, Absence, StaffImport)]


def test_joiners_are_stored_with_posts_overlays_and_days(trust: Organisation, staff_list: StaffList) -> None:
    extra = {
        "overlays": "patient_facing",
        "engagement": "Bank",
        "post_end": "2026-12-31",
        "first_nhs_day": "2010-05-04",
    }
    summary = take_in(trust, staff_list({**ADA, **extra}, BEN, CAT))

    ada = User.objects.get(memberships__staff_number="0001")
    post = current_posts(ada, DAY).get()
    assert (ada.name, ada.email, ada.first_nhs_day) == ("Ada Example", "ada@zz1.example", date(2010, 5, 4))
    assert (post.team.code, post.tier.key, post.engagement) == ("ward", "frontline", "bank")
    assert post.during == during(START, date(2027, 1, 1))
    assert [overlay.key for overlay in post.overlays.all()] == ["patient_facing"]
    assert not ada.has_usable_password()
    assert User.objects.get(memberships__staff_number="0002").email is None
    assert summary.counts["joiners"] == 3
    assert summary.tiers == {"Frontline staff": 2, "Managers": 1}


def test_same_list_again_changes_nothing(trust: Organisation, staff_list: StaffList) -> None:
    data = staff_list({**ADA, "leave_start": "2026-10-01"}, BEN, CAT)
    take_in(trust, data)
    before = (
        list(Post.objects.values_list("pk", "superseded_at")),
        Absence.objects.count(),
        User.objects.count(),
    )

    summary = take_in(trust, data, date(2026, 12, 1))

    assert (
        list(Post.objects.values_list("pk", "superseded_at")),
        Absence.objects.count(),
        User.objects.count(),
    ) == before
    assert (summary.counts["unchanged"], summary.counts["post rows added"], summary.on_long_leave) == (
        3,
        0,
        1,
    )


def test_movers_and_leavers_end_on_the_day_of_the_list(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA, BEN, CAT), date(2026, 6, 1))

    moved = {**ADA, "team_code": "clinic", "post_start": "2026-11-01"}
    summary = take_in(trust, staff_list(moved, CAT))

    ada, ben = (User.objects.get(memberships__staff_number=number) for number in ("0001", "0002"))
    believed = Post.objects.filter(membership__user=ada, superseded_at=None).order_by("team__code")
    assert [(post.team.code, post.during) for post in believed] == [
        ("clinic", during(date(2026, 11, 1))),
        ("ward", during(START, DAY)),
    ]
    assert not current_posts(ben, DAY)
    assert current_posts(ben, date(2026, 11, 21)).exists()
    kinds = {kind: summary.people.get(kind, []) for kind in ("joiners", "movers", "leavers", "unchanged")}
    assert kinds == {"joiners": [], "movers": ["0001"], "leavers": ["0002"], "unchanged": ["0003"]}


def test_partial_list_leaves_everybody_else_alone(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA, BEN), date(2026, 6, 1))

    summary = take_in(
        trust, staff_list({**ADA, "team_code": "clinic", "post_start": "2026-11-01"}), partial=True
    )

    assert summary.people == {"movers": ["0001"]}
    assert current_posts(User.objects.get(memberships__staff_number="0002"), DAY).exists()


def test_correction_supersedes_and_keeps_the_old_row(trust: Organisation, staff_list: StaffList) -> None:
    then, later = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    import_staff(organisation=trust, data=staff_list(ADA), on=DAY, at=then)

    right = staff_list({**ADA, "post_start": "2020-02-01", "overlays": "patient_facing"})
    import_staff(organisation=trust, data=right, on=DAY, at=later)

    assert list(Post.objects.values_list("during", "recorded_at", "superseded_at")) == [
        (during(START), then, later),
        (during(date(2020, 2, 1)), later, None),
    ]


def test_long_leave_is_recorded_corrected_and_ended(trust: Organisation, staff_list: StaffList) -> None:
    away = take_in(trust, staff_list({**ADA, "leave_start": "2026-09-01"}), date(2026, 10, 1))
    short = {**BEN, "leave_start": "2026-11-20", "leave_end": "2026-11-30"}
    back = take_in(trust, staff_list(ADA, short))

    assert (away.on_long_leave, back.on_long_leave) == (1, 0)
    assert list(
        Absence.objects.filter(superseded_at=None).values_list("during", flat=True).order_by("pk")
    ) == [
        during(date(2026, 9, 1), DAY),
        during(date(2026, 11, 20), date(2026, 12, 1)),
    ]


def test_two_posts_are_two_rows_of_one_person(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA, {**ADA, "team_code": "clinic"}, {**ADA, "tier": "managers"}))

    assert User.objects.count() == 1
    assert current_posts(User.objects.get(), DAY).count() == 3


def test_same_address_elsewhere_is_the_same_person(
    trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    take_in(other_trust, staff_list({**ADA, "staff_number": "900", "first_nhs_day": "2012-01-01"}))

    summary = take_in(trust, staff_list({**ADA, "name": "A. Example", "first_nhs_day": "2015-01-01"}))
    empty_handed = staff_list({**BEN, "post_start": "2026-11-01"})
    take_in(trust, empty_handed)

    ada = User.objects.get(email="ada@zz1.example")
    assert (summary.linked, ada.name, ada.first_nhs_day) == (1, "Ada Example", date(2012, 1, 1))
    assert [post.membership.organisation for post in current_posts(ada, DAY)] == [other_trust]


def test_list_may_not_point_a_shared_account_at_another_address(
    trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    take_in(other_trust, staff_list(ADA))
    take_in(trust, staff_list(ADA))

    assert faults_of(trust, staff_list({**ADA, "email": "someone.else@zz1.example"})) == [(2, "email")]


def test_own_staff_may_change_name_address_and_number(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA))
    take_in(trust, staff_list({**ADA, "name": "Ada New", "email": "ada.new@zz1.example"}))
    take_in(
        trust, staff_list({**ADA, "name": "Ada New", "email": "ada.new@zz1.example", "staff_number": "77"})
    )

    membership = Membership.objects.get()
    assert (membership.user.name, membership.user.email) == ("Ada New", "ada.new@zz1.example")
    assert membership.staff_number == "77"
    assert current_posts(membership.user, DAY).count() == Post.objects.count() == 1


def test_address_of_another_account_is_refused(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA, BEN))

    assert faults_of(trust, staff_list(ADA, {**BEN, "email": ADA["email"]})) == [(3, "email")]
    assert faults_of(trust, staff_list({**BEN, "email": ADA["email"]})) == [(2, "email")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"staff_number": ""}, "staff_number"),
        ({"staff_number": "1" * 21}, "staff_number"),
        ({"name": ""}, "name"),
        ({"name": "Ada\u200bExample"}, "name"),
        ({"email": "not an address"}, "email"),
        ({"email": "ada@exämple.example"}, "email"),
        ({"team_code": "nowhere"}, "team_code"),
        ({"team_code": ""}, "team_code"),
        ({"tier": "pilots"}, "tier"),
        ({"overlays": "wings"}, "overlays"),
        ({"overlays": "patient_facing|change_agent"}, "overlays"),
        ({"engagement": "friend"}, "engagement"),
        ({"post_start": ""}, "post_start"),
        ({"post_start": "30-Nov-2028"}, "post_start"),
        ({"post_start": "1/2/20"}, "post_start"),
        ({"post_start": "11/30/2020"}, "post_start"),
        ({"post_start": "2023-02-29"}, "post_start"),
        ({"post_start": "0202-01-01"}, "post_start"),
        ({"post_start": "٢٠٢٠-٠١-٠١"}, "post_start"),
        ({"post_end": "2020-01-05"}, "post_end"),
        ({"first_nhs_day": "2020-01-07"}, "first_nhs_day"),
        ({"leave_start": "2026-05-02", "leave_end": "2026-05-01"}, "leave_end"),
        ({"leave_end": "2026-05-01"}, "leave_end"),
    ],
)
def test_wrong_cell_is_named(
    row: dict[str, str], column: str, trust: Organisation, staff_list: StaffList
) -> None:
    assert faults_of(trust, staff_list(BEN, {**ADA, **row})) == [(3, column)]


def test_every_fault_is_listed_in_the_order_of_the_rows(trust: Organisation, staff_list: StaffList) -> None:
    rows = [{**ADA, "tier": "x", "team_code": "x"}, BEN, {**CAT, "post_start": "x"}]

    assert faults_of(trust, staff_list(*rows)) == [(2, "team_code"), (2, "tier"), (4, "post_start")]


def test_rows_that_contradict_each_other_are_named(trust: Organisation, staff_list: StaffList) -> None:
    other_name = {**ADA, "name": "Adam Example", "team_code": "clinic"}
    same_post = {**ADA, "post_start": "2024-01-01"}
    same_address = {**BEN, "email": ADA["email"]}

    assert faults_of(trust, staff_list(ADA, other_name)) == [(3, "name")]
    assert faults_of(trust, staff_list(ADA, same_post)) == [(3, "post_start")]
    assert faults_of(trust, staff_list(ADA, ADA)) == [(3, "post_start")]
    assert faults_of(trust, staff_list(ADA, same_address)) == [(3, "email")]


def test_list_that_lost_most_people_is_refused(trust: Organisation, staff_list: StaffList) -> None:
    people = [{"staff_number": str(number), "name": f"Person {number}"} for number in range(1, 13)]
    take_in(trust, staff_list(*people))

    assert faults_of(trust, staff_list(*people[:9])) == [(0, "")]
    summary = import_staff(organisation=trust, data=staff_list(*people[:9]), on=DAY, leavers_expected=True)
    assert summary.counts["leavers"] == 3


def test_older_list_and_closed_organisation_are_refused(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list(ADA))

    with pytest.raises(Refused, match="was taken in already"):
        take_in(trust, staff_list(ADA), date(2026, 11, 21))
    trust.closed = date(2026, 11, 30)
    trust.save()
    with pytest.raises(Refused, match="closed on 30/11/2026"):
        take_in(trust, staff_list(ADA), date(2026, 12, 1))


def test_lay_people_are_not_on_a_staff_list_and_stay(
    trust: Organisation,
    ward: Team,
    frontline: Tier,
    member: Callable[[str], Membership],
    staff_list: StaffList,
) -> None:
    pat = member("Pat")
    open_post(membership=pat, team=ward, tier=frontline, start=START, engagement="lay")

    take_in(trust, staff_list(ADA))

    assert current_posts(pat.user, DAY).exists()
