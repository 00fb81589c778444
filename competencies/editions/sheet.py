"""An edition as people read it: its domains, and for each capability what every tier and overlay is asked."""

from dataclasses import dataclass

from workforce.models import Overlay, Tier

from ..models import Capability, Edition, Level, Requirement, TeamRequirement

SHORT = {"direct": "Direct", "inferred": "Inferred", "reconstruction": "Reconstruction"}


@dataclass(frozen=True)
class Column:
    """A tier, or an overlay on one; `key` is unique among both."""

    key: str
    label: str
    tier: Tier | None = None
    overlay: Overlay | None = None
    with_tiers: str = ""


@dataclass(frozen=True)
class Cell:
    """What one column is asked of one capability. `level` is None where an overlay changes nothing."""

    column: Column
    level: int | None = None
    level_label: str = ""
    provenance: str = ""
    sources: tuple[str, ...] = ()
    grace_days: int = 0

    @property
    def in_words(self) -> str:
        if self.level is None:
            return "As the tier"
        return f"{self.level} {self.level_label}"

    @property
    def provenance_label(self) -> str:
        return SHORT.get(self.provenance, "")


@dataclass(frozen=True)
class Row:
    """A capability with its cells, one for each column and in the same order."""

    pk: int
    capability: Capability
    name: str
    description: str
    sources: list[str]
    cells: list[Cell]

    @property
    def of_tiers(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.column.tier]

    @property
    def of_overlays(self) -> list[Cell]:
        """Only those where an overlay says something of its own."""
        return [cell for cell in self.cells if cell.column.overlay and cell.level is not None]


@dataclass(frozen=True)
class Group:
    code: str
    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Sheet:
    edition: Edition
    columns: list[Column]
    groups: list[Group]
    levels: list[Level]
    of_teams: list[TeamRequirement]

    @property
    def tiers(self) -> list[Column]:
        return [column for column in self.columns if column.tier]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many cells of the tiers have each provenance."""
        found = [cell.provenance for row in self.rows for cell in row.of_tiers]
        return [(choice.label, found.count(choice.value)) for choice in Requirement.Provenance]


def columns() -> list[Column]:
    tiers = [Column(f"tier-{tier.key}", tier.label, tier=tier) for tier in Tier.objects.order_by("order")]
    overlays = [
        Column(
            f"overlay-{overlay.key}",
            overlay.label,
            overlay=overlay,
            with_tiers=", ".join(tier.label for tier in overlay.tiers.all()),
        )
        for overlay in Overlay.objects.prefetch_related("tiers").order_by("key")
    ]
    return tiers + overlays


def sheet(edition: Edition) -> Sheet:
    """Eight queries, however much the edition asks."""
    across = columns()
    levels = list(edition.levels.order_by("number"))
    labels = {level.number: level.label for level in levels}
    asked: dict[tuple[int, int | None, int | None], Requirement] = {
        (r.capability_id, r.tier_id, r.overlay_id): r for r in edition.requirements.all()
    }
    rows: dict[int, list[Row]] = {}
    for wording in edition.capabilities.select_related("capability").order_by("order", "pk"):
        cells = [_cell(column, _asked(asked, wording.capability_id, column), labels) for column in across]
        row = Row(wording.pk, wording.capability, wording.name, wording.description, wording.sources, cells)
        rows.setdefault(wording.domain_id, []).append(row)
    groups = [Group(d.code, d.name, rows.get(d.pk, [])) for d in edition.domains.order_by("order", "pk")]
    of_teams = edition.team_requirements.select_related("capability").order_by("capability__code", "level")
    return Sheet(edition, across, groups, levels, list(of_teams))


def _asked(
    asked: dict[tuple[int, int | None, int | None], Requirement], capability: int, column: Column
) -> Requirement | None:
    tier = column.tier.pk if column.tier else None
    overlay = column.overlay.pk if column.overlay else None
    return asked.get((capability, tier, overlay))


def _cell(column: Column, requirement: Requirement | None, labels: dict[int, str]) -> Cell:
    if requirement is None:
        return Cell(column)
    return Cell(
        column,
        requirement.level,
        labels.get(requirement.level, ""),
        requirement.provenance,
        tuple(requirement.sources),
        requirement.grace_days,
    )
