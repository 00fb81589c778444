"""The curriculum's tree: home > programme > module > activity, with information pages beside the programmes."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from competencies.models import Confirmer
from competencies.models.practice import colleague_only
from workforce.models import Tier

from ..blocks import BodyBlock, EvidencesBlock, OutcomesBlock, PromptsBlock, QuestionsBlock, ScenesBlock
from ..module_form import ModuleForm
from ..outline import CHECKS
from .dated import Dated
from .keyed import Keyed

FRONTLINE, PATIENTS = "frontline", "patients"


def _keys(help_text: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text=help_text)


class HomePage(Page):
    """The public front page."""

    lead = models.TextField(help_text="One or two sentences under the heading.")
    body = StreamField(BodyBlock(), blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["curriculum.ProgrammePage", "curriculum.InformationPage"]
    template = "curriculum/home_page.html"
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        children = self.get_children().live().specific()
        programmes = [page for page in children if isinstance(page, ProgrammePage)]
        information = [page for page in children if isinstance(page, InformationPage)]
        return {
            **super().get_context(request, *args, **kwargs),
            "programmes": programmes,
            "information": information,
        }


class InformationPage(Page):
    """Something every visitor may want to know, such as how we count or what we do with personal data."""

    lead = models.TextField(blank=True)
    body = StreamField(BodyBlock(), blank=True)
    checked = models.DateField("last checked")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        FieldPanel("checked"),
    ]
    parent_page_types: ClassVar[list[str]] = ["curriculum.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "curriculum/information_page.html"


class ProgrammePage(Page):
    """What one tier learns. The programme without a tier holds the modules for particular roles."""

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    intro = models.TextField()

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("tier"), FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["curriculum.HomePage"]
    subpage_types: ClassVar[list[str]] = ["curriculum.ModulePage"]
    template = "curriculum/programme_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        modules = ModulePage.objects.child_of(self).live()
        return {**super().get_context(request, *args, **kwargs), "modules": modules}


class ModulePage(Keyed, Page, Dated):  # type: ignore[django-manager-missing]  # Wagtail is untyped
    """A module: what people will be able to do after it, how long it takes and which capabilities it shows."""

    source_key = models.CharField(
        "key", max_length=20, unique=True, help_text="Such as FR-2. It never changes."
    )
    minutes = models.PositiveIntegerField()
    time_note = models.CharField(max_length=100, blank=True)
    outcomes = StreamField(OutcomesBlock(), blank=True)
    evidences = StreamField(EvidencesBlock(), blank=True)
    prerequisites = _keys("Keys of the modules that come before, with commas between.")
    overlays = _keys("Keys of the overlays that this is for, with commas between.")
    aligned_to = _keys("Other standards that it matches, with commas between.")
    facts = _keys("Keys of the dated facts that this touches, with commas between.")
    assessment = models.TextField(blank=True)
    in_preparation = models.BooleanField(
        default=True, help_text="While this is on, people see the outline but cannot start."
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("source_key"),
        FieldPanel("in_preparation"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("time_note")], heading="Time"),
        FieldPanel("outcomes"),
        FieldPanel("evidences"),
        FieldPanel("assessment"),
        MultiFieldPanel(
            [
                FieldPanel("prerequisites"),
                FieldPanel("overlays"),
                FieldPanel("aligned_to"),
                FieldPanel("facts"),
            ],
            heading="How it fits with others",
        ),
        *Dated.dated_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["curriculum.ProgrammePage"]
    subpage_types: ClassVar[list[str]] = ["curriculum.ActivityPage"]
    base_form_class = ModuleForm
    template = "curriculum/module_page.html"

    class Meta(Dated.Meta):
        pass

    @property
    def key(self) -> UUID:
        return self.translation_key

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..queries import module_page_context

        context = super().get_context(request, *args, **kwargs)
        return {**context, **module_page_context(self, request.user)}


class ActivityPage(Keyed, Page):
    """One thing to do. Its translation key is its identity and gives its IRI."""

    class Kind(models.TextChoices):
        READING = "reading", "Reading"
        SCENARIO = "scenario", "Scenario"
        QUIZ = "quiz", "Check"
        REFLECTIVE_LOG = "reflective_log", "Reflective log"
        PDSA_WORKPLACE = "pdsa_workplace", "Testing a change at work"
        RUN_CHART_EXERCISE = "run_chart_exercise", "Chart exercise"
        PRACTICE_TASK = "practice_task", "Practice task"
        WORKPLACE_TASK = "workplace_task", "Task at work"
        PORTFOLIO = "portfolio", "Portfolio"
        COACHING_LOG = "coaching_log", "Coaching log"
        OBSERVED_MEETING = "observed_meeting", "Observed meeting"
        AGREEMENT = "agreement", "Agreement"

    source_key = models.CharField(
        "key", max_length=30, unique=True, help_text="Such as FR-2.a1. It never changes."
    )
    kind = models.CharField(max_length=30, choices=Kind)
    minutes = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    needs_verifier = models.BooleanField("confirmed by a person", default=False)
    confirm_by = models.CharField(
        "who confirms, in words", max_length=200, blank=True, help_text="Shown to the learner."
    )
    confirmers = ArrayField(
        models.CharField(max_length=30, choices=Confirmer),
        verbose_name="who may confirm",
        default=colleague_only,
        blank=True,
        help_text=f"Keys with commas between: {', '.join(Confirmer.values)}. Founding verifiers always may.",
    )
    confirm_together = models.BooleanField(
        "confirmed for a team at once",
        default=False,
        help_text="A team does it in one session, and it may be confirmed at once for those who were there.",
    )
    essentials = models.BooleanField(default=False, help_text="Part of Essentials, expected by day 90.")
    skipped_by_overlay = _keys("Keys of the overlays that need not do this, with commas between.")
    body = StreamField(BodyBlock(), blank=True)
    scenes = StreamField(ScenesBlock(), blank=True)
    questions = StreamField(QuestionsBlock(), blank=True)
    prompts = StreamField(PromptsBlock(), blank=True)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("source_key"), FieldPanel("kind"), FieldPanel("minutes"), FieldPanel("description")],
            heading="What it is",
        ),
        FieldPanel("body"),
        FieldPanel("scenes", help_text="For a scenario only."),
        FieldPanel("questions", help_text="For a check only."),
        FieldPanel("prompts", help_text="For practice only: one prompt for each capability that it shows."),
        MultiFieldPanel(
            [
                FieldPanel("needs_verifier"),
                FieldPanel("confirm_by"),
                FieldPanel("confirmers"),
                FieldPanel("confirm_together"),
                FieldPanel("essentials"),
                FieldPanel("skipped_by_overlay"),
            ],
            heading="Who does it and who confirms it",
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["curriculum.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "curriculum/activity_page.html"

    @property
    def key(self) -> UUID:
        return self.translation_key

    def clean(self) -> None:
        super().clean()
        if self.needs_verifier and not self.confirmers:
            raise ValidationError({"confirmers": "Name at least one kind of person who may confirm it."})
        if self.kind in CHECKS and self.needs_verifier:
            raise ValidationError({"needs_verifier": "A check is marked by the site, so nobody confirms it."})
