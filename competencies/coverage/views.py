"""Pages of coverage: a trust's own, the list of organisations, and what anyone may have."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from workforce.models import Organisation, Team, Tier
from workforce.permissions import can_view_nation, can_view_organisation
from workforce.queries import places_on

from ..models import Edition
from ..named_gaps.queries import names_are_on
from .charts import chart
from .exports import Stamp, coverage_csv, export_rows
from .forms import DayAndTierForm
from .queries import coverage_rows, edition_in_force, local_rows
from .tables import Table, coverage_table, facts, sentence
from .team_requirements import team_requirements

CACHED_SECONDS = 3600


@dataclass(frozen=True)
class Report:
    """Coverage of one node on one day, with what a page or a file says about it."""

    organisation: Organisation
    edition: Edition
    on: date
    table: Table

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.organisation.code, self.organisation.name, self.on, self.edition.version)

    def context(self) -> dict[str, object]:
        return {
            "organisation": self.organisation,
            "edition": self.edition,
            "on": self.on,
            "table": self.table,
            "chart": chart(self.table),
            "sentence": sentence(self.table),
            "facts": facts(self.table) if self.table.facts else [],
        }


@login_required
def organisation_coverage(request: HttpRequest, code: str) -> HttpResponse:
    """The exact figures of a trust or of one of its teams, for those who lead it."""
    organisation = _led_by(request, code)
    usual = {"tier": "frontline", "on": timezone.localdate().isoformat()}
    form = DayAndTierForm(
        usual | {name: value for name, value in request.GET.items() if value}, initial=usual
    )
    on, tier = chosen(form)
    team = _team(organisation, request.GET.get("team"))
    context = {
        "organisation": organisation,
        "form": form,
        "tier": tier,
        "on": on,
        "team": team,
        "teams": _tree(organisation, on),
        "query": request.GET.urlencode(),
        "names_are_on": bool(team) and names_are_on(organisation),
    }
    if report := inside_report(organisation, team, on, tier):
        context |= report.context()
        context["local"] = local_table(report, team, tier)
        if team is None:
            context["of_teams"] = team_requirements(organisation, report.edition, on)
    return render(
        request, "competencies/coverage/organisation.html", context, status=422 if form.errors else 200
    )


@login_required
def organisation_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of the page, or of all tiers if none is named."""
    organisation = _led_by(request, code)
    form = DayAndTierForm(request.GET, initial={"tier": "frontline"})
    if not form.is_valid():
        raise Http404
    on, tier = chosen(form)
    team = _team(organisation, request.GET.get("team"))
    report = inside_report(organisation, team, on, tier if request.GET.get("tier") else None)
    if report is None:
        raise Http404
    return csv_file(report, team)


def _led_by(request: HttpRequest, code: str) -> Organisation:
    organisation = get_object_or_404(Organisation, code=code)
    if not can_view_organisation(request.user, organisation, timezone.localdate()):
        raise Http404
    return organisation


def chosen(form: DayAndTierForm) -> tuple[date, Tier]:
    """The day and tier asked for; today and the form's first tier where nothing valid was asked."""
    cleaned = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    tier = cleaned.get("tier") or Tier.objects.get(key=form.initial["tier"])
    return cleaned.get("on") or timezone.localdate(), tier


def _team(organisation: Organisation, code: str | None) -> Team | None:
    if code and "\x00" in code:
        raise Http404
    return get_object_or_404(Team, organisation=organisation, code=code) if code else None


def _tree(organisation: Organisation, on: date) -> list[tuple[Team, int]]:
    """The teams of the day, each after the one it stands under, with how deep it stands."""
    teams = Team.objects.in_bulk([team for team, _ in places_on(organisation, on)])
    below: dict[int | None, list[int]] = {}
    for team, parent in places_on(organisation, on):
        below.setdefault(parent, []).append(team)
    listed: list[tuple[Team, int]] = []
    waiting = [(team, 0) for team in reversed(below.get(None, []))]
    while waiting:
        team, depth = waiting.pop()
        listed.append((teams[team], depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(team, []))]
    return listed


def inside_report(
    organisation: Organisation, team: Team | None, on: date, tier: Tier | None
) -> Report | None:
    """Exact figures; None where no edition was adopted or nobody of the tier is there on the day."""
    edition = edition_in_force(organisation, on)
    if edition is None:
        return None
    rows = coverage_rows(organisation, edition, on, tier)
    try:
        table = coverage_table(rows, "inside", team.pk if team else None)
    except LookupError:
        return None
    return Report(organisation, edition, on, table)


def local_table(report: Report, team: Team | None, tier: Tier) -> Table | None:
    """The same for what the organisation asks on top of its edition, as a table; None where it is nothing."""
    rows = local_rows(report.organisation, report.edition, report.on)
    if rows is None:
        return None
    try:
        return coverage_table(rows, "inside", team.pk if team else None, tier.key)
    except LookupError:
        return None


def csv_file(report: Report, team: Team | None = None) -> HttpResponse:
    whose = [report.organisation.code, *([team.code] if team else [])]
    name = "-".join(["coverage", *whose, report.on.isoformat()])
    return _csv(coverage_csv(export_rows(report.table, report.stamp)), name)


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation in the order of the alphabet, for the national education lead: public figures only."""
    today = timezone.localdate()
    if not can_view_nation(request.user, today):
        raise Http404
    form = DayAndTierForm(request.GET or None, initial={"tier": "frontline"})
    _, tier = chosen(form)
    on = published_on(today)
    reports = {report.organisation.pk: report for report in public_reports(on, tier)}
    listed = [
        (organisation, sentence(reports[organisation.pk].table) if organisation.pk in reports else "")
        for organisation in Organisation.objects.prefetch_related("successions__new")
    ]
    context = {"form": form, "tier": tier, "on": on, "listed": listed}
    status = 422 if form.errors else 200
    return render(request, "competencies/coverage/organisations.html", context, status=status)


def open_data(request: HttpRequest) -> HttpResponse:
    """What anyone may have: rounded figures with small numbers hidden, as on the first day of the month."""
    form = DayAndTierForm(request.GET or None, initial={"tier": "frontline"})
    _, tier = chosen(form)
    on = published_on(timezone.localdate())
    reports = public_reports(on, tier)
    context = {"form": form, "tier": tier, "on": on, "reports": [report.context() for report in reports]}
    status = 422 if form.errors else 200
    return render(request, "competencies/coverage/open_data.html", context, status=status)


def open_data_csv(request: HttpRequest) -> HttpResponse:
    on = published_on(timezone.localdate())
    rows = [row for report in public_reports(on, None) for row in export_rows(report.table, report.stamp)]
    return _csv(coverage_csv(rows), f"open-data-coverage-{on.isoformat()}")


def published_on(today: date) -> date:
    """Open data changes once a month, so that nobody can learn about one person from two days side by side."""
    return today.replace(day=1)


def public_reports(on: date, tier: Tier | None) -> list[Report]:
    """The outside view of each organisation that uses the service, in the order of the alphabet."""
    found = (
        _public_report(organisation, on, tier) for organisation in Organisation.objects.filter(joined__lte=on)
    )
    return [report for report in found if report]


def _public_report(organisation: Organisation, on: date, tier: Tier | None) -> Report | None:
    edition = edition_in_force(organisation, on)
    if edition is None:
        return None
    key = f"open-data-{organisation.code}-{on}-{edition.pk}"
    table: Table | None = cache.get(key)
    if table is None:
        rows = coverage_rows(organisation, edition, on)
        try:
            table = coverage_table(rows, "outside")
        except LookupError:
            return None
        cache.set(key, table, CACHED_SECONDS)
    return Report(organisation, edition, on, table.of_tier(tier.key) if tier else table)
