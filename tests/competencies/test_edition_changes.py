"""What one edition changes of another, in words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from competencies.editions import editing
from competencies.editions.changes import as_text, changes
from competencies.editions.drafting import copy_edition
from competencies.editions.editing import CellSpec, LevelSpec
from competencies.editions.sheet import columns, sheet
from competencies.models import Edition
from workforce.models import User


@pytest.fixture
def draft(edition: Edition) -> Edition:
    education = User.objects.create_user("edith@nation.example", name="Edith Education")
    later = timezone.localdate() + timedelta(days=400)
    return copy_edition(edition=edition, version="0.3", dated=later, by=education)


def sentences(old: Edition, new: Edition) -> list[str]:
    return [change.sentence for change in changes(sheet(old), sheet(new))]


def change_cells(draft: Edition, code: str, **cells: CellSpec | None) -> None:
    across = {column.key.split("-", 1)[1]: column for column in columns()}
    wording = draft.capabilities.get(capability__code=code)
    editing.set_cells(wording=wording, cells=[(across[key], cell) for key, cell in cells.items()])


def test_a_copy_changes_nothing(edition: Edition, draft: Edition) -> None:
    assert sentences(edition, draft) == []
    assert as_text(sheet(edition), sheet(draft)).endswith("- Nothing is different.\n")


def test_every_kind_of_change_is_told_in_a_sentence(edition: Edition, draft: Edition) -> None:
    change_cells(
        draft,
        "PP-4",
        managers=CellSpec(2, "direct", ["B-R3", "B-BOX3"]),
        patient_facing=None,
        student=CellSpec(0, "direct"),
        board=CellSpec(3, "inferred", ["B-R3"]),
    )
    domain = draft.domains.get(code="SS")
    editing.remove_capability(wording=draft.capabilities.get(capability__code="SS-8"))
    editing.add_capability(
        edition=draft, code="SS-10", domain=domain, name="Safer sums", description="D", order=99
    )
    im_2 = draft.capabilities.get(capability__code="IM-2")
    editing.word_capability(
        wording=im_2, domain=domain, name="New name", description="W", order=im_2.order, sources=im_2.sources
    )
    old = draft.levels.get(number=3)
    level = LevelSpec(old.label, old.meaning, old.evidence, 400, None)
    editing.set_levels(edition=draft, levels={3: level})
    told = sentences(edition, draft)
    for sentence in (
        "PP-4: managers and team leaders go from level 3 to level 2.",
        "PP-4: people with “Sees patients or carers” go from level 3 to what their tier is asked.",
        "PP-4, board and executive leaders: where it comes from is now inferred. It was direct.",
        "SS-8 is gone: Fair and equal safety.",
        "SS-10 is new: Safer sums.",
        "The wording of IM-2 changed.",
        "IM-2 goes from the domain Improvement method to Safety science.",
        "Level 3: the grace goes from 365 to 400 days.",
        "Level 3: how long it stays valid goes from 36 months to no expiry.",
    ):
        assert sentence in told
    assert not [s for s in told if "grace" in s and not s.startswith("Level 3")]


def test_the_page_and_the_text_say_the_same(
    edition: Edition, draft: Edition, say_published: Callable[[Edition], None]
) -> None:
    change_cells(draft, "PP-4", managers=CellSpec(2, "direct", ["B-R3", "B-BOX3"]))
    say_published(draft)
    place = f"/framework/{draft.pk}/changes/{edition.pk}/"
    told = "PP-4: managers and team leaders go from level 3 to level 2."
    for path in (place, f"{place}changes.txt"):
        assert told in Client().get(path).content.decode()


@pytest.fixture
def say_published() -> Callable[[Edition], None]:
    def say_published(draft: Edition) -> None:
        draft.state = Edition.State.PUBLISHED
        draft.save(update_fields=["state"])

    return say_published
