from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from tests.workforce.conftest import DAY, START
from workforce.actions import (
    appoint_founding_verifier,
    correct_post,
    end_absence,
    end_grant,
    end_post,
    grant,
    leave_seat,
    open_post,
    place_team,
    record_absence,
    seat_on_committee,
)
from workforce.models import (
    Absence,
    Committee,
    Grant,
    Membership,
    Organisation,
    Overlay,
    Post,
    Team,
    Tier,
    User,
)
from workforce.models.ranges import during
from workforce.months import months_after

Member = Callable[[str], Membership]
THEN = datetime(2024, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_ending_a_post_keeps_what_was_believed_before(member: Member, ward: Team, frontline: Tier) -> None:
    overlays = Overlay.objects.filter(key="patient_facing")
    post = open_post(
        membership=member("Alice"), team=ward, tier=frontline, start=START, overlays=overlays, at=THEN
    )

    ended = end_post(post=post, on=DAY, at=LATER)

    believed = Post.objects.values_list("during", "recorded_at", "superseded_at")
    assert list(believed) == [(during(START), THEN, LATER), (during(START, DAY), LATER, None)]
    assert [overlay.key for overlay in ended.overlays.all()] == ["patient_facing"]
    assert end_post(post=ended, on=DAY) == ended


def test_correction_changes_only_what_is_given(
    member: Member, ward: Team, clinic: Team, frontline: Tier, managers: Tier
) -> None:
    post = open_post(membership=member("Alice"), team=ward, tier=frontline, start=START, engagement="bank")

    right = correct_post(post=post, team=clinic, tier=managers, start=date(2020, 2, 1), overlays=[])

    assert (right.team, right.tier, right.engagement) == (clinic, managers, "bank")
    assert right.during == during(date(2020, 2, 1))


def test_row_is_corrected_once(member: Member, ward: Team, frontline: Tier) -> None:
    post = open_post(membership=member("Alice"), team=ward, tier=frontline, start=START)
    end_post(post=post, on=DAY)

    with pytest.raises(ValidationError, match="corrected before"):
        end_post(post=post, on=date(2026, 1, 1))
    assert Post.objects.filter(superseded_at=None).get().during == during(START, DAY)


def test_wrong_posts_are_refused_in_words(
    member: Member, other_trust: Organisation, ward: Team, frontline: Tier, managers: Tier
) -> None:
    alice = member("Alice")
    theirs = Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    open_post(membership=alice, team=ward, tier=frontline, start=START)

    with pytest.raises(ValidationError, match="already holds this post"):
        open_post(membership=alice, team=ward, tier=frontline, start=DAY)
    with pytest.raises(ValidationError, match="another organisation"):
        open_post(membership=alice, team=theirs, tier=frontline, start=START)
    with pytest.raises(ValidationError, match="does not go with the tier"):
        open_post(membership=alice, team=ward, tier=managers, start=START, overlays=frontline.overlays.all())
    with pytest.raises(ValidationError, match="end must come after"):
        open_post(membership=alice, team=ward, tier=managers, start=DAY, end=DAY)
    assert Post.objects.count() == 1


def test_leave_ends_by_superseding(member: Member) -> None:
    absence = record_absence(membership=member("Alice"), start=START, at=THEN)

    end_absence(absence=absence, on=DAY, at=LATER)

    assert list(Absence.objects.values_list("during", "superseded_at")) == [
        (during(START), LATER),
        (during(START, DAY), None),
    ]


def test_seat_is_taken_and_left(member: Member, trust: Organisation) -> None:
    committee = Committee.objects.create(organisation=trust, role_key="safety-partner", name="Quality")
    seat = seat_on_committee(user=member("Pat").user, committee=committee, start=START)

    assert leave_seat(seat=seat, on=DAY).during == during(START, DAY)


def test_grant_ends_with_who_and_why(member: Member, trust: Organisation) -> None:
    lead, chair = member("Carol").user, member("Chair").user
    given = grant(user=lead, role=Grant.Role.CAPABILITY_LEAD, scope=trust, start=START, by=chair)

    end_grant(grant=given, on=DAY, reason="Moved on", by=chair, at=LATER)

    given.refresh_from_db()
    assert given.during == during(START, DAY)
    assert (given.granted_by, given.ending.ended_by, given.ending.reason) == (chair, chair, "Moved on")
    with pytest.raises(ValidationError, match="ended before"):
        end_grant(grant=given, on=START, reason="Again", by=chair)


def test_founding_verifier_serves_24_months_for_a_reason(member: Member, trust: Organisation) -> None:
    vera: User = member("Vera").user
    given = appoint_founding_verifier(
        user=vera, organisation=trust, start=date(2024, 2, 29), reason="Led the first"
    )

    assert given.during == during(date(2024, 2, 29), date(2026, 2, 28))
    with pytest.raises(ValidationError, match="why the board appointed"):
        appoint_founding_verifier(user=vera, organisation=trust, start=START, reason="")


def test_team_cannot_stand_under_itself(division: Team, ward: Team) -> None:
    with pytest.raises(ValidationError, match="under itself"):
        place_team(team=division, parent=ward, start=DAY)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2023, 11, 30), 36, date(2026, 11, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 1, 31), 0, date(2025, 1, 31)),
    ],
)
def test_months_after_clips_to_the_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected
