"""Where level 4 is gathered: which portfolios there are, in whose words, and how one's own stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from competencies.models import PanelAct, Portfolio
from competencies.portfolio.queries import newest_acts
from competencies.practice_states import OPEN, State, state_after
from competencies.queries import Expectation, Held, latest_act, practice_of
from learning.iris import activity_iri
from workforce.models import User

from .actions.freezing import content_of
from .models import ActivityPage, Attempt, ModulePage, ProgrammePage
from .outline import PORTFOLIO, Activity, module_from

BOARD = "board"
APPLY, LEAD_AND_COACH = 3, 4


@dataclass(frozen=True)
class Words:
    """How the page speaks: a board leads in another way than a coach on a ward."""

    name: str
    about: str
    whom: str
    whom_hint: str
    changed: str
    changed_hint: str
    learned: str


FOR_ALL = Words(
    name="Portfolio",
    about="Note what you do as it happens: whom you led or coached, what changed, and what you learned.",
    whom="Whom did you lead or coach?",
    whom_hint="Say what they do, such as “a new team leader on another ward”.",
    changed="What changed?",
    changed_hint="What do they do now without you? How do you know?",
    learned="What did you learn?",
)
FOR_THE_BOARD = Words(
    name="Leadership record",
    about="Note how you lead as it happens: whom you brought along, what changed, and what you learned.",
    whom="Whom did you lead, sponsor or back?",
    whom_hint="Say what they do, such as “a director who now sponsors a project”.",
    changed="What do the board, or they, do in another way now?",
    changed_hint="Such as a priority that was dropped, or a question that is now asked. How do you know?",
    learned="What did you learn about how you lead?",
)


@dataclass(frozen=True)
class Place:
    """One portfolio of the curriculum for one person: as their attempt has it, else as it is published."""

    module: ModulePage
    activity: Activity
    words: Words
    attempt: Attempt | None

    @property
    def prompts(self) -> dict[str, str]:
        """Capability code to prompt."""
        return {prompt.capability: prompt.text for prompt in self.activity.prompts}

    @property
    def iri(self) -> str:
        return activity_iri(self.activity.key)


def place_of(user: User, key: UUID) -> Place | None:
    """The portfolio with this key; None if the curriculum has none."""
    page = ActivityPage.objects.live().filter(translation_key=key, kind=PORTFOLIO).first()
    module = ModulePage.objects.live().parent_of(page).first() if page else None
    if module is None:
        return None
    attempt = (
        Attempt.objects.filter(user=user, module_key=module.key, kind=Attempt.Kind.WHOLE)
        .select_related("version", "user")
        .order_by("pk")
        .last()
    )
    known = attempt.module.activity_by_key.get(key) if attempt else None
    published = known or module_from(content_of(module)).activity_by_key[key]
    for_board = ProgrammePage.objects.parent_of(module).filter(tier__key=BOARD).exists()
    words = FOR_THE_BOARD if for_board else FOR_ALL
    return Place(module, published, words, attempt if known else None)


def is_with_one_person(attempt: Attempt, activity: Activity) -> bool:
    """Whether it waits for one person, or was confirmed by one: then its page is that of practice."""
    sent = practice_of(attempt.user, attempt.registration, activity_iri(activity.key))
    return sent is not None and state_after(latest_act(sent)) in OPEN | {State.CONFIRMED}


def own_portfolios(
    user: User, code: str, expected: Sequence[Expectation], held: Sequence[Held]
) -> list[dict[str, str]]:
    """As `task_list` draws them: where this person can gather for level 4 of a capability.

    Shown to those of whom level 4 is asked, who hold level 3, or who have begun. Three queries at most.
    """
    begun = {
        portfolio.activity.iri: portfolio
        for portfolio in Portfolio.objects.filter(owner=user)
        .select_related("activity")
        .prefetch_related("entries")
    }
    is_near = any(e.level == LEAD_AND_COACH for e in expected) or any(h.level >= APPLY for h in held)
    pages = [
        page
        for page in ActivityPage.objects.live().filter(kind=PORTFOLIO).order_by("path")
        if any(prompt.value["capability"] == code for prompt in page.prompts)
        and (is_near or activity_iri(page.key) in begun)
    ]
    acts = newest_acts(begun.values()) if pages else {}
    return [_line(page, begun.get(activity_iri(page.key)), acts) for page in pages]


def _line(page: ActivityPage, portfolio: Portfolio | None, acts: dict[int, PanelAct]) -> dict[str, str]:
    act = acts.get(portfolio.pk) if portfolio else None
    count = len(portfolio.entries.all()) if portfolio else 0
    return {
        "text": page.title,
        "href": reverse("curriculum:portfolio", args=[page.key]),
        "hint": f"{count} entr{'y' if count == 1 else 'ies'}" if count else "Nothing gathered yet",
        "status": STATUS[PanelAct.State(act.state)] if act else ("Gathering" if count else "Not started"),
    }


STATUS = {
    PanelAct.State.GATHERING: "Gathering",
    PanelAct.State.WAITING: "With your panel",
    PanelAct.State.ONE_YES: "With your panel",
    PanelAct.State.ONE_NOT_YET: "With your panel",
    PanelAct.State.WITHDRAWN: "Gathering",
    PanelAct.State.NOT_YET: "Not yet",
    PanelAct.State.CONFERRED: "Awarded",
    PanelAct.State.REVOKED: "Gathering",
}
