"""The national education lead edits a draft in the editing screens; nobody else finds them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.actions import set_up_framework_editors
from competencies.editions import editing
from competencies.editions.actions import send_for_review
from competencies.editions.drafting import copy_edition
from competencies.editions.sheet import sheet
from competencies.models import Capability, Edition
from workforce.actions import grant
from workforce.models import Grant, User

NEXT_YEAR = timezone.localdate() + timedelta(days=400)


@pytest.fixture
def education(db: None) -> User:
    education = User.objects.create_user("edith@nation.example", name="Edith Education")
    grant(user=education, role=Grant.Role.EDUCATION_LEAD, scope=None, start=date(2020, 1, 1))
    education.groups.add(set_up_framework_editors())
    return education


@pytest.fixture
def client(education: User) -> Client:
    client = Client()
    client.force_login(education)
    return client


@pytest.fixture
def draft(edition: Edition, education: User) -> Edition:
    return copy_edition(edition=edition, version="0.3", dated=NEXT_YEAR, by=education)


def address(name: str, *args: object) -> str:
    return reverse(f"framework:{name}", args=args)


def filled(page: object) -> dict[str, object]:
    """What a browser would send back if nothing on the page were changed."""
    context = page.context  # type: ignore[attr-defined]
    forms = [context["form"], *context.get("cells", [])]
    return {
        field.html_name: "" if field.value() is None else field.value() for form in forms for field in form
    }


def test_a_draft_begins_as_a_copy_or_empty(client: Client, edition: Edition) -> None:
    asked = {"framework": edition.framework.pk, "dated": NEXT_YEAR.isoformat()}
    client.post(address("new"), asked | {"version": "0.3", "copy_of": edition.pk})
    client.post(address("new"), asked | {"version": "0.4"})
    sizes = {e.version: (e.capabilities.count(), e.levels.count()) for e in Edition.objects.all()}
    assert sizes == {"0.2": (36, 5), "0.3": (36, 5), "0.4": (0, 5)}
    again = client.post(address("new"), asked | {"version": "0.3"})
    assert again.status_code == 422
    assert "There is an edition 0.3 already. Give this one another version." in again.content.decode()


def test_a_capability_is_changed_with_its_cells(client: Client, draft: Edition) -> None:
    place = address("capability", draft.pk, "PP-4")
    page = client.get(place)
    assert len(page.context["cells"]) == 13
    data = filled(page) | {
        "name": "Openness and honesty",
        "tier-managers-level": "2",
        "tier-managers-provenance": "inferred",
        "tier-managers-sources": "B-R1, MOSS",
        "tier-board-grace_days": "30",
        "overlay-patient_facing-level": "",
        "overlay-student-level": "1",
        "overlay-student-provenance": "direct",
    }
    assert client.post(place, data).status_code == 302
    row = next(row for row in sheet(draft).rows if row.capability.code == "PP-4")
    cells = {cell.column.key: cell for cell in row.cells}
    assert row.name == "Openness and honesty"
    assert (cells["tier-managers"].level, cells["tier-managers"].provenance) == (2, "inferred")
    assert cells["tier-managers"].sources == ("B-R1", "MOSS")
    assert cells["tier-board"].grace_days == 30
    assert cells["overlay-patient_facing"].in_words == "As the tier"
    assert cells["overlay-student"].level == 1
    assert row.capability.iri.endswith("/capabilities/pp-4")


def test_saving_a_page_that_was_not_changed_changes_nothing(client: Client, draft: Edition) -> None:
    before = sheet(draft)
    for code in ("PP-4", "SS-9"):
        place = address("capability", draft.pk, code)
        assert client.post(place, filled(client.get(place))).status_code == 302
    assert sheet(draft).groups == before.groups


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"tier-managers-level": "7"}, "Managers and team leaders, level: Select a valid choice"),
        ({"tier-managers-provenance": ""}, "Choose where this level comes from"),
        ({"tier-managers-sources": "NOWHERE"}, "There is no source NOWHERE in this edition"),
        ({"tier-managers-grace_days": "-1"}, "Enter 0 or more"),
        ({"name": ""}, "Name: Enter a name"),
    ],
)
def test_a_mistake_is_told_in_words_and_nothing_is_saved(
    change: dict[str, str], says: str, client: Client, draft: Edition
) -> None:
    place, before = address("capability", draft.pk, "PP-4"), sheet(draft)
    page = client.post(place, filled(client.get(place)) | {"description": "New words"} | change)
    assert (page.status_code, says in page.content.decode()) == (422, True)
    assert sheet(draft).groups == before.groups


def test_a_capability_is_added_and_taken_out(client: Client, draft: Edition) -> None:
    new = {
        "code": "SS-99",
        "domain": draft.domains.get(code="SS").pk,
        "name": "New thing",
        "description": "Does it.",
        "order": 40,
    }
    client.post(address("new-capability", draft.pk), new)
    assert Capability.objects.get(code="SS-99").iri.endswith("/capabilities/ss-99")
    asked = draft.requirements.filter(capability__code="SS-99")
    assert [(r.level, r.provenance) for r in asked] == [(0, "reconstruction")] * 5
    assert client.post(address("new-capability", draft.pk), new).status_code == 422
    client.post(address("remove-capability", draft.pk, "SS-99"))
    assert not draft.capabilities.filter(capability__code="SS-99").exists()
    assert not asked.all().exists()


def test_levels_domains_sources_and_the_note_are_changed(client: Client, draft: Edition) -> None:
    level = address("level", draft.pk, 2)
    client.post(level, filled(client.get(level)) | {"grace_days": "120", "validity_months": ""})
    assert draft.levels.get(number=2).validity_months is None
    assert set(draft.requirements.filter(level=2).values_list("grace_days", flat=True)) == {120, 180, 365}
    assert client.post(level, filled(client.get(level)) | {"validity_months": "0"}).status_code == 422
    client.post(address("new-domain", draft.pk), {"code": "NW", "name": "New", "order": 8})
    client.post(address("domain", draft.pk, "NW"), {"code": "NW", "name": "Newer", "order": 8})
    assert draft.domains.get(code="NW").name == "Newer"
    client.post(address("domain", draft.pk, "NW"), {"code": "NW", "name": "N", "order": 8, "remove": "1"})
    kept = client.post(
        address("domain", draft.pk, "SS"), {"code": "SS", "name": "S", "order": 2, "remove": "1"}
    )
    assert "Move them to another domain first" in kept.content.decode()
    assert not draft.domains.filter(code="NW").exists()
    source = {"key": "NEW-1", "title": "A new paper", "where": "A library", "found": "read in full"}
    client.post(address("sources", draft.pk), source)
    details = {"version": "0.5", "dated": NEXT_YEAR.isoformat(), "note": "Better words."}
    client.post(address("details", draft.pk), details)
    draft.refresh_from_db()
    assert (draft.version, draft.note, draft.sources["NEW-1"]["title"]) == (
        "0.5",
        "Better words.",
        "A new paper",
    )


def test_an_edition_goes_through_its_life_in_the_screens(client: Client, draft: Edition) -> None:
    User.objects.create_user("rosa@nation.example", name="Rosa Reviewer")
    nobody = client.post(address("act", draft.pk, "send"), {"reviewers": "none@nation.example"})
    assert "Nobody here has the address none@nation.example" in nobody.content.decode()
    client.post(address("act", draft.pk, "send"), {"reviewers": "Rosa@nation.example"})
    too_soon = client.post(address("act", draft.pk, "publish"), {"words": ""})
    assert (too_soon.status_code, "Rosa Reviewer" in too_soon.content.decode()) == (422, True)
    client.post(address("act", draft.pk, "publish"), {"words": "Rosa is away, and the board decided."})
    assert client.get(address("act", draft.pk, "send")).status_code == 404
    client.post(address("act", draft.pk, "retire"), {"words": "A test."})
    page = client.get(address("edition", draft.pk)).content.decode()
    assert "Rosa is away, and the board decided." in page
    assert list(draft.acts.values_list("act", flat=True)) == ["draft", "send", "publish", "retire"]


def test_in_review_no_screen_changes_anything(client: Client, draft: Edition, education: User) -> None:
    rosa = User.objects.create_user("rosa@nation.example", name="Rosa Reviewer")
    send_for_review(edition=draft, reviewers=[rosa], by=education)
    place, before = address("capability", draft.pk, "PP-4"), sheet(draft)
    page = client.post(place, filled(client.get(place)) | {"name": "Other"})
    assert "This edition is in review. Only a draft can be changed." in page.content.decode()
    assert sheet(draft).groups == before.groups
    with pytest.raises(ValidationError, match="Only a draft"):
        editing.remove_capability(wording=draft.capabilities.all()[0])


@pytest.mark.parametrize("lacks", ["grant", "permission"])
def test_both_the_grant_and_the_permission_are_needed(
    lacks: str, client: Client, draft: Edition, education: User
) -> None:
    if lacks == "grant":
        Grant.objects.filter(user=education).delete()
    else:
        education.groups.clear()
    for name, args in (("index", []), ("edition", [draft.pk]), ("capability", [draft.pk, "PP-4"])):
        assert client.get(address(name, *args)).status_code in (302, 404)
    assert client.post(address("details", draft.pk), {"version": "9"}).status_code in (302, 404)
    draft.refresh_from_db()
    assert draft.version == "0.3"


def test_the_list_and_the_page_ask_the_same_number_of_queries(
    client: Client, draft: Edition, education: User
) -> None:
    def asked(place: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        return len(queries)

    asked(address("index"))
    one = asked(address("index")), asked(address("edition", draft.pk))
    for number in range(3):
        copy_edition(edition=draft, version=f"1.{number}", dated=NEXT_YEAR, by=education)
    editing.add_capability(
        edition=draft, code="SS-99", domain=draft.domains.all()[0], name="N", description="D", order=99
    )
    assert (asked(address("index")), asked(address("edition", draft.pk))) == one


def test_the_map_is_filled_row_by_row_and_the_preview_opens(client: Client, draft: Edition) -> None:
    editing.remove_capability(wording=draft.capabilities.get(capability__code="SS-8"))
    pk = Capability.objects.get
    row = {"old_capability": pk(code="SS-8").pk, "old_level": 2, "new_capability": pk(code="SS-9").pk}
    place = address("map", draft.pk)
    assert "Nothing carries over yet from SS-8." in client.get(place).content.decode()
    assert "higher level than they showed" in client.post(place, row | {"new_level": 3}).content.decode()
    assert client.post(place, row | {"new_level": 2}).status_code == 302
    assert "Nothing carries over yet" not in client.get(place).content.decode()
    assert client.get(address("preview", draft.pk)).status_code == 200
    client.post(address("remove-equivalence", draft.pk, draft.equivalences.get().pk))
    assert not draft.equivalences.exists()
