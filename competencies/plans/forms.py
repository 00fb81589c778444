"""What somebody who leads fills in. A form names its choices, and gives back a draft of a plan."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils import timezone

from workforce.models import Organisation, Team, Tier
from workforce.queries import beneath, places_on

from ..models import EditionCapability, LearningPlan
from .actions import LONGEST_DAYS, Draft, ItemSpec
from .queries import people_named

Audience = LearningPlan.Audience
TOO_LONG = "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s"
DAY, DAYS = "day", "days"
DayInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_NAMED = 500
BEFORE_LEVELS = ("title", "why", "place", "audience", "tier", "joined_from", "people")


class DueForm(forms.Form):
    """By when: a day, or so many days after a person's post started."""

    due = forms.ChoiceField(
        label="When is it due?",
        choices=[(DAY, "On one day for everybody"), (DAYS, "A number of days after a person’s post started")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it is due"},
    )
    due_on = forms.DateField(
        label="The day",
        help_text="Fill this in if it is due on one day.",
        required=False,
        widget=DayInput,
        error_messages={"invalid": "Enter a real day, such as 31 March 2027"},
    )
    due_days = forms.IntegerField(
        label="Number of days",
        help_text=(
            "Fill this in if it is due some days after the post started. "
            "For people who have been there for longer, the days run from the day on which the plan is made."
        ),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        error_messages={
            "invalid": "Enter a whole number of days",
            "min_value": "Enter 1 day or more",
            "max_value": f"Enter {LONGEST_DAYS} days or fewer",
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, name = cleaned.get("due"), "due_on" if cleaned.get("due") == DAY else "due_days"
        if kind and cleaned.get(name) is None and name not in self.errors:
            self.add_error(name, "Enter the day" if kind == DAY else "Enter the number of days")
        if kind == DAY and cleaned.get("due_on") and cleaned["due_on"] <= timezone.localdate():
            self.add_error("due_on", "Enter a day that is still to come")
        other = "due_days" if kind == DAY else "due_on"
        return {**cleaned, other: None}


class ReasonForm(forms.Form):
    """Why a plan changes."""

    reason = forms.CharField(
        label="Why?",
        help_text="The people on the plan can read this.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write down why", "max_length": TOO_LONG},
    )


class NewDueForm(DueForm, ReasonForm):
    field_order = ("due", "due_on", "due_days", "reason")


class RemoveForm(ReasonForm):
    person = forms.CharField(
        label="Staff number or email address of the person",
        max_length=254,
        error_messages={"required": "Enter a staff number or an email address"},
    )
    field_order = ("person", "reason")


class PlanForm(DueForm):
    """A plan. `places` are where the person may plan; `modules` are given by the room that owns them."""

    title = forms.CharField(
        label="What is the plan called?",
        max_length=120,
        error_messages={"required": "Enter a name for the plan", "max_length": TOO_LONG},
    )
    why = forms.CharField(
        label="Why do you ask this of people?",
        help_text="They read your words. Say what it is for, not what happens if they are late.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you ask this", "max_length": TOO_LONG},
    )
    place = forms.ChoiceField(
        label="Where?",
        help_text="A team counts with the teams under it.",
        error_messages={"required": "Choose where", "invalid_choice": "Choose a place from the list"},
    )
    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who it is for"},
    )
    tier = forms.ModelChoiceField(
        label="The tier",
        help_text="Fill this in if it is for one tier.",
        queryset=Tier.objects.all(),
        to_field_name="key",
        required=False,
        empty_label="Choose a tier",
        error_messages={"invalid_choice": "Choose a tier from the list"},
    )
    joined_from = forms.DateField(
        label="Posts that start on or after",
        help_text="Fill this in if it is for people whose post starts from a day on.",
        required=False,
        widget=DayInput,
        error_messages={"invalid": "Enter a real day, such as 31 March 2027"},
    )
    people = forms.CharField(
        label="The people",
        help_text="Fill this in if you name people. One staff number or email address on each line.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    modules = forms.MultipleChoiceField(
        label="Modules",
        help_text="The readings and checks of a module, without its practice.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose modules from the list"},
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[Organisation],
        teams: Iterable[Team],
        capabilities: Sequence[EditionCapability],
        modules: Mapping[str, ItemSpec],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.capabilities, self.module_items = capabilities, modules
        self.organisations = {f"o{one.pk}": one for one in organisations}
        self.teams = {f"t{one.pk}": one for one in teams}
        place = cast(forms.ChoiceField, self.fields["place"])
        place.choices = [
            ("", "Choose a place"),
            *((key, f"All of {one.name}") for key, one in self.organisations.items()),
            *((key, one.name) for key, one in self.teams.items()),
        ]
        cast(forms.MultipleChoiceField, self.fields["modules"]).choices = [
            (iri, item.name) for iri, item in modules.items()
        ]
        for one in capabilities:
            self.fields[_level_of(one)] = forms.TypedChoiceField(
                label=one.name,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "Not in this plan"), *((n, f"Level {n}") for n in range(1, 5))],
                error_messages={"invalid_choice": "Choose a level from the list"},
            )

        levels = [_level_of(one) for one in capabilities]
        self.order_fields([*BEFORE_LEVELS, *levels, "modules"])

    @property
    def domains(self) -> list[tuple[str, list[BoundField], bool]]:
        """The capabilities by domain, and whether any of a domain is chosen or wrong."""
        found = []
        for domain, of_domain in groupby(self.capabilities, lambda one: one.domain.name):
            fields = [self[_level_of(one)] for one in of_domain]
            found.append((domain, fields, any(field.value() or field.errors for field in fields)))
        return found

    @property
    def seal(self) -> str:
        """Tells whether the form was changed after somebody saw whom it reaches."""
        said = sorted((name, str(value)) for name, value in self.cleaned_data.items() if name != "draft")
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._need(cleaned, Audience.TIER, "tier", "Choose a tier")
        self._need(cleaned, Audience.JOINERS, "joined_from", "Enter the first day")
        self._need(cleaned, Audience.PEOPLE, "people", "Enter at least one staff number or email address")
        items = self._items(cleaned)
        if not items and "modules" not in self.errors:
            self.add_error("modules", "Choose at least one capability or module")
        team = self.teams.get(cleaned.get("place", ""))
        organisation = team.organisation if team else self.organisations.get(cleaned.get("place", ""))
        people = self._people(cleaned, organisation, team) if organisation else ()
        if self.errors or organisation is None:
            return cleaned
        audience = cleaned["audience"]
        draft = Draft(
            organisation=organisation,
            team=team,
            title=cleaned["title"],
            why=cleaned["why"],
            audience=audience,
            tier=cleaned["tier"] if audience == Audience.TIER else None,
            joined_from=cleaned["joined_from"] if audience == Audience.JOINERS else None,
            people=people,
            items=items,
            due_on=cleaned["due_on"],
            due_days=cleaned["due_days"],
        )
        return {**cleaned, "draft": draft}

    def _need(self, cleaned: Mapping[str, Any], audience: str, name: str, missing: str) -> None:
        if cleaned.get("audience") == audience and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, missing)

    def _items(self, cleaned: Mapping[str, Any]) -> list[ItemSpec]:
        asked = [
            ItemSpec(capability_code=one.capability.code, level=cleaned[_level_of(one)], name=one.name)
            for one in self.capabilities
            if cleaned.get(_level_of(one))
        ]
        return asked + [self.module_items[iri] for iri in cleaned.get("modules", [])]

    def _people(
        self, cleaned: Mapping[str, Any], organisation: Organisation, team: Team | None
    ) -> Sequence[Any]:
        names = (cleaned.get("people") or "").split()
        if cleaned.get("audience") != Audience.PEOPLE or not names:
            return ()
        if len(names) > MOST_NAMED:
            self.add_error("people", f"Name {MOST_NAMED} people at most. For more, choose a team or a tier")
            return ()
        on = timezone.localdate()
        teams = None
        if team is not None:
            teams = {team.pk, *beneath([team.pk], places_on(organisation, on))}
        named = people_named(names, organisation, teams, on)
        if named.unknown:
            listed = ", ".join(named.unknown[:10])
            self.add_error("people", f"Nobody who works there has: {listed}. Check each, or take it out")
        return named.people


def _level_of(capability: EditionCapability) -> str:
    return f"level_{capability.capability.code}"
