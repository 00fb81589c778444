"""The programme of each of a person's tiers, and of the overlays on their posts, in the order to do it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from competencies.queries import Expectation
from workforce.models import Overlay, Post, Tier, User

from ..models import ModulePage, ProgrammePage
from .standing import PATH_STEP, Standing, State, length, standings


@dataclass(frozen=True)
class Section:
    """One programme for one person. `carried`: of a tier that they have left, only what still counts."""

    title: str
    tier_key: str
    intro: str
    modules: tuple[Standing, ...]
    carried: bool = False

    @property
    def list_id(self) -> str:
        """An id for its list on a page."""
        return f"programme-{self.tier_key or 'roles'}"

    @property
    def startable(self) -> list[Standing]:
        return [module for module in self.modules if module.is_startable]

    @property
    def done(self) -> int:
        return sum(module.is_behind for module in self.modules)

    @property
    def time_left(self) -> str:
        """Empty when nothing is left that can be done today."""
        minutes = sum(module.minutes_left for module in self.modules)
        return length(minutes) if minutes else ""

    @property
    def in_preparation(self) -> int:
        return len(self.modules) - len(self.startable)


def sections(user: User, posts: Sequence[Post], expected: Sequence[Expectation]) -> list[Section]:
    """One for each tier in the tiers' own order, then one for the overlays. Six queries, whatever there is."""
    overlays = {overlay.key: overlay for post in posts for overlay in post.overlays.all()}
    tiers = {post.tier.key: post.tier for post in posts}
    asked = {*tiers, *(e.tier_key for e in expected if not e.met)}
    programmes = list(
        ProgrammePage.objects.live()
        .filter(Q(tier__key__in=asked) | Q(tier=None))
        .select_related("tier")
        .order_by("path")
    )
    every = standings(user, modules=_modules(programmes), expected=expected, overlays=overlays)
    found = [section for page in programmes for section in _section(page, every, tiers, overlays)]
    return sorted(found, key=lambda section: _place(section, tiers))


def next_module(sections: Iterable[Section]) -> Standing | None:
    """The module to begin next: Essentials, then what is due first, then the order of the programmes."""
    ready = [module for section in sections for module in section.modules if module.state == State.READY]
    return min(ready, key=lambda module: (not module.is_essential, module.due), default=None)


def _order(standing: Standing) -> tuple[bool, date, str]:
    return not standing.is_essential, standing.due, standing.order


def _modules(programmes: Sequence[ProgrammePage]) -> list[ModulePage]:
    if not programmes:
        return []
    beneath = Q()
    for page in programmes:
        beneath |= Q(path__startswith=page.path, depth=page.depth + 1)
    return list(ModulePage.objects.live().filter(beneath).defer("outcomes", "assessment").order_by("path"))


def _section(
    page: ProgrammePage, every: Iterable[Standing], tiers: dict[str, Tier], overlays: dict[str, Overlay]
) -> Iterator[Section]:
    own = [standing for standing in every if standing.order[:-PATH_STEP] == page.path]
    if page.tier is None:
        own = [standing for standing in own if set(standing.overlays) & set(overlays)]
        title = _for_role(own, overlays)
    else:
        title = page.tier.label
    carried = page.tier is not None and page.tier.key not in tiers
    if carried:
        own = [standing for standing in own if standing.closes]
    if own:
        key = page.tier.key if page.tier else ""
        yield Section(title, key, page.intro, tuple(sorted(own, key=_order)), carried)


def _for_role(own: Collection[Standing], overlays: dict[str, Overlay]) -> str:
    labels = {overlays[key].label for standing in own for key in standing.overlays if key in overlays}
    return f"Because of what you do: {', '.join(sorted(labels))}"


def _place(section: Section, tiers: dict[str, Tier]) -> tuple[int, int]:
    """Own tiers first, in their order; then the overlays; then what an earlier tier still asks."""
    if section.carried:
        return 2, 0
    return (0, tiers[section.tier_key].order) if section.tier_key else (1, 0)
