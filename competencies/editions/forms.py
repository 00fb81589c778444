"""What editors and reviewers fill in. Each message says what to do."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator

from workforce.models import Tier, User

from ..models import Capability, Domain, Edition, EditionAct, EditionCapability, Framework, Level, Requirement
from .sheet import Cell, Column, columns

AS_THE_TIER = ""
LEVELS = [(str(n), label) for n, label in enumerate(("0 Not expected", "1", "2", "3", "4"))]
CODE = RegexValidator(r"^[A-Za-z0-9-]+$", "Use letters, numbers and hyphens only, such as PP-1")
DAYS = 36_500
MOST_BYTES = 5_000_000


def _text(
    label: str, missing: str, longest: int | None = None, rows: int = 0, hint: str = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=hint,
        widget=widget,
        error_messages={"required": missing, "max_length": f"Use {longest} characters or fewer"},
    )


def _version() -> forms.CharField:
    return _text("Version", "Enter a version, such as 0.3", 20)


def _dated() -> forms.DateField:
    return forms.DateField(
        label="Holds from",
        help_text="A day to come. Nothing that was counted before it changes.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter a date", "invalid": "Enter a real date"},
    )


def _number(label: str, hint: str = "", required: bool = True, most: int = DAYS) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=required,
        min_value=0,
        max_value=most,
        error_messages={
            "required": "Enter a number",
            "invalid": "Enter a whole number",
            "min_value": "Enter 0 or more",
            "max_value": f"Enter {most:,} or less",
        },
    )


class SourcesField(forms.CharField):
    """Keys of sources, with spaces or commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Sources", required=False, help_text="Their keys, with spaces between.", **kwargs
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value).replace(",", " ").split()


class NewEditionForm(forms.Form):
    framework = forms.ModelChoiceField(
        queryset=Framework.objects.all(), empty_label=None, error_messages={"required": "Choose a framework"}
    )
    copy_of = forms.ModelChoiceField(
        label="Begin with",
        queryset=Edition.objects.select_related("framework"),
        required=False,
        empty_label="An empty draft with the five levels",
        help_text="A copy says the same as the edition you choose, until you change it.",
    )
    version = _version()
    dated = _dated()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        copied, framework = data.get("copy_of"), data.get("framework")
        if copied and framework and copied.framework_id != framework.pk:
            self.add_error("copy_of", "Choose an edition of the same framework")
        return data


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="The data file (JSON), a table with a row for each cell (CSV), or a CASE package (JSON). Up to 5 MB.",
        error_messages={"required": "Choose a file", "empty": "This file is empty. Choose another one"},
    )
    standard = forms.ModelChoiceField(
        label="For what the file does not say, use",
        queryset=Edition.objects.select_related("framework"),
        empty_label=None,
        help_text="A table has no levels and no list of sources, and CASE 1.0 has nothing about tiers.",
        error_messages={"required": "Choose an edition"},
    )
    version = _version()
    dated = _dated()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB. Choose another one")
        return file


class DescriptionForm(forms.Form):
    version = _version()
    dated = _dated()
    note = _text(
        "Note for readers",
        "Say what readers must know about where it comes from",
        rows=5,
        hint="What readers must know about where this edition comes from.",
    )

    @staticmethod
    def initial_of(edition: Edition) -> dict[str, Any]:
        return {"version": edition.version, "dated": edition.dated, "note": edition.note}


class LevelForm(forms.Form):
    label = _text("Name", "Enter a name", 50)
    meaning = _text("What it means", "Say what it means", rows=2)
    evidence = _text("What shows it", "Say what shows it", rows=2)
    grace_days = _number("Days of grace", "Days that people have to learn it before it falls due.")
    validity_months = _number("Months that it stays valid", "Leave empty for no expiry.", required=False)

    def clean_validity_months(self) -> int | None:
        months: int | None = self.cleaned_data["validity_months"]
        if months == 0:
            raise forms.ValidationError("Enter at least 1 month, or leave it empty for no expiry")
        return months

    @staticmethod
    def initial_of(level: Level) -> dict[str, Any]:
        names = ("label", "meaning", "evidence", "grace_days", "validity_months")
        return {name: getattr(level, name) for name in names}


class DomainForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=10,
        validators=[CODE],
        error_messages={"required": "Enter a code, such as PP"},
    )
    name = _text("Name", "Enter a name", 100)
    order = _number("Place in the order", most=1000)

    @staticmethod
    def initial_of(domain: Domain) -> dict[str, Any]:
        return {"code": domain.code, "name": domain.name, "order": domain.order}


class SourceForm(forms.Form):
    key = forms.CharField(
        label="Key",
        max_length=20,
        validators=[CODE],
        help_text="Such as B-R1. A key that is there already is changed.",
        error_messages={"required": "Enter a key"},
    )
    title = _text("Title", "Enter a title", 300)
    where = _text("Where it can be found", "Say where it can be found", 500)
    found = _text("What of it was read", "Say what of it was read", 300)


class WordingForm(forms.Form):
    domain = forms.ModelChoiceField(
        queryset=Domain.objects.none(), empty_label=None, error_messages={"required": "Choose a domain"}
    )
    name = _text("Name", "Enter a name", 100)
    description = _text("Description", "Describe what somebody who can do this does", rows=4)
    order = _number("Place in the order", most=10_000)
    sources = SourcesField()

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        domain = cast("forms.ModelChoiceField[Domain]", self.fields["domain"])
        domain.queryset = edition.domains.all()

    @staticmethod
    def initial_of(wording: EditionCapability) -> dict[str, Any]:
        return {
            "domain": wording.domain_id,
            "name": wording.name,
            "description": wording.description,
            "order": wording.order,
            "sources": " ".join(wording.sources),
        }


class NewCapabilityForm(WordingForm):
    code = forms.CharField(
        label="Code",
        max_length=10,
        validators=[CODE],
        help_text="Such as PP-6. It gives the capability its permanent name and cannot be changed later.",
        error_messages={"required": "Enter a code, such as PP-6"},
    )
    field_order = ("code", "domain", "name", "description", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["sources"]


ONE_TO_FOUR = [(number, str(number)) for number in range(1, 5)]


class EquivalenceForm(forms.Form):
    """One row of the map."""

    old_capability = forms.ModelChoiceField(
        label="Who showed this capability",
        queryset=Capability.objects.none(),
        error_messages={"required": "Choose the old capability"},
    )
    old_level = forms.TypedChoiceField(label="at this level or above", choices=ONE_TO_FOUR, coerce=int)
    new_capability = forms.ModelChoiceField(
        label="has shown this one too",
        queryset=Capability.objects.none(),
        error_messages={"required": "Choose the new capability"},
    )
    new_level = forms.TypedChoiceField(label="at level", choices=ONE_TO_FOUR, coerce=int)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = cast("forms.ModelChoiceField[Capability]", self.fields["old_capability"])
        old.queryset = edition.framework.capabilities.filter(
            wordings__edition__state__in=Edition.ISSUED
        ).distinct()
        new = cast("forms.ModelChoiceField[Capability]", self.fields["new_capability"])
        new.queryset = Capability.objects.filter(wordings__edition=edition)


class CellForm(forms.Form):
    """What one tier or overlay is asked of one capability."""

    level = forms.ChoiceField(label="Level")
    provenance = forms.ChoiceField(
        label="Where it comes from",
        choices=[("", "Choose"), *Requirement.Provenance.choices],
        required=False,
    )
    sources = SourcesField()
    grace_days = _number("Days of grace", "Leave empty for those of the level.", required=False)

    def __init__(self, column: Column, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=column.key)
        self.column = column
        level = cast(forms.ChoiceField, self.fields["level"])
        level.required = column.tier is not None
        level.choices = LEVELS if column.tier else [(AS_THE_TIER, "As the tier"), *LEVELS]
        if column.overlay:
            del self.fields["grace_days"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("level") and not data.get("provenance"):
            self.add_error("provenance", "Choose where this level comes from")
        return data

    @staticmethod
    def initial_of(cell: Cell, grace: dict[int, int]) -> dict[str, Any]:
        if cell.level is None:
            return {}
        own = None if grace.get(cell.level, 0) == cell.grace_days else cell.grace_days
        return {
            "level": str(cell.level),
            "provenance": cell.provenance,
            "sources": " ".join(cell.sources),
            "grace_days": own,
        }


class TierForm(forms.Form):
    tier = forms.ModelChoiceField(
        label="Tier",
        queryset=Tier.objects.order_by("order"),
        to_field_name="key",
        empty_label=None,
        error_messages={"required": "Choose a tier", "invalid_choice": "Choose a tier from the list"},
    )


class WordsForm(forms.Form):
    """Why something is done; or, for publishing, why without everybody's yes."""

    words = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why", "max_length": "Use 2,000 characters or fewer"},
    )


class OptionalWordsForm(WordsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = False
        self.fields["words"].label = "Reason, if somebody has not agreed"


class SendForm(OptionalWordsForm):
    reviewers = forms.CharField(
        label="Who reviews it",
        help_text="Their email addresses, one on each line. They need an account here, and nothing else.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Name at least one person to review this edition"},
    )
    field_order = ("reviewers", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "What they should look at"

    def clean_reviewers(self) -> Sequence[User]:
        emails = self.cleaned_data["reviewers"].lower().replace(",", " ").split()
        found = {user.email: user for user in User.objects.filter(email__in=emails, is_active=True)}
        missing = [email for email in emails if email not in found]
        if missing:
            raise forms.ValidationError(
                f"Nobody here has the address {', '.join(missing)}. Check it, or ask them for the one they sign in with"
            )
        return list(found.values())


class ReviewForm(forms.Form):
    """What a named reviewer thinks, and what it is about."""

    act = forms.ChoiceField(
        label="What do you want to say?",
        choices=[
            (EditionAct.Act.COMMENT, "A comment"),
            (EditionAct.Act.ASK_CHANGE, "Please change this"),
            (EditionAct.Act.AGREE, "I agree to the whole edition"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you want to say"},
    )
    capability = forms.ChoiceField(label="About", required=False)
    column = forms.ChoiceField(label="For whom", required=False)
    words = forms.CharField(
        label="Your words",
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"max_length": "Use 2,000 characters or fewer"},
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wordings = edition.capabilities.select_related("capability")
        self._capabilities = {wording.capability.code: wording.capability for wording in wordings}
        self._columns = {column.key: column for column in columns()}
        codes = [(wording.capability.code, str(wording)) for wording in wordings]
        cast(forms.ChoiceField, self.fields["capability"]).choices = [("", "The whole edition"), *codes]
        cast(forms.ChoiceField, self.fields["column"]).choices = [
            ("", "Everybody"),
            *((column.key, column.label) for column in self._columns.values()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        agrees = data.get("act") == EditionAct.Act.AGREE
        if agrees and data.get("capability"):
            self.add_error("capability", "Choose the whole edition: you can agree to all of it only")
        if data.get("column") and not data.get("capability"):
            self.add_error("capability", "Choose a capability, or choose everybody")
        if not agrees and not data.get("words", "").strip():
            self.add_error("words", "Say what you think, or what should change")
        return data

    def about(self) -> dict[str, Any]:
        data = self.cleaned_data
        column = self._columns.get(data["column"])
        return {
            "act": EditionAct.Act(data["act"]),
            "words": data["words"],
            "capability": self._capabilities.get(data["capability"]),
            "tier": column.tier if column else None,
            "overlay": column.overlay if column else None,
        }
