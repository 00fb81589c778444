from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from workforce.models import Organisation, Overlay, Tier
from workforce.models.ranges import no_overlap


class Framework(models.Model):
    """A capability model that goes on under one name through its editions."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """A version of a framework. Only a draft can change: after that the database refuses, but for its state."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="editions")
    version = models.CharField(max_length=20)
    dated = models.DateField(help_text="The day from which this edition holds.")
    note = models.TextField(help_text="What readers must know about where it comes from.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sources = models.JSONField(
        default=dict, help_text="Key of a source → its title, where it is, what was found."
    )
    carried = models.JSONField(
        default=dict, help_text="What its file also says, kept to be given back unchanged."
    )
    source_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the file it was loaded from; empty if it was drafted here.",
    )

    class Meta:
        ordering = ["framework", "dated", "version"]
        constraints = [models.UniqueConstraint(fields=["framework", "version"], name="edition_version_once")]

    # Once published, an edition counts for ever, retired or not: what was shown under it was shown.
    ISSUED = (State.PUBLISHED, State.RETIRED)

    def __str__(self) -> str:
        return f"{self.framework}, edition {self.version}"


class Level(models.Model):
    """One of the five levels, with its grace in days and its validity in months (none means no expiry)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=50)
    meaning = models.TextField()
    evidence = models.TextField()
    grace_days = models.PositiveIntegerField(default=0)
    validity_months = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="level_number_in_edition"),
            models.CheckConstraint(name="level_number_0_to_4", condition=Q(number__range=(0, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Domain(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="domains")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="domain_code_in_edition")]

    def __str__(self) -> str:
        return self.name


class Capability(models.Model):
    """What a person is able to do well. Its IRI is the same in each edition."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="capabilities")
    iri = models.URLField(unique=True)
    code = models.CharField(max_length=10)

    class Meta:
        ordering = ["framework", "code"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="capability_code_in_framework")
        ]

    def __str__(self) -> str:
        return self.code


class EditionCapability(models.Model):
    """A capability as one edition words and places it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="capabilities")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="wordings")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="capabilities")
    name = models.CharField(max_length=100)
    description = models.TextField()
    sources = ArrayField(models.CharField(max_length=20), default=list)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "capability"], name="capability_once_in_edition")
        ]

    def __str__(self) -> str:
        return f"{self.capability.code} {self.name}"


class Requirement(models.Model):
    """What a tier, or an overlay on it, is expected to hold: one capability at one level (0: not expected)."""

    class Provenance(models.TextChoices):
        DIRECT = "direct", "Direct: the source asks this of this group"
        INFERRED = "inferred", "Inferred: the duty is in the source, the level is our judgement"
        RECONSTRUCTION = "reconstruction", "Reconstruction: no source text was found"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="requirements")
    tier = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements"
    )
    overlay = models.ForeignKey(
        Overlay, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements"
    )
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="requirements")
    level = models.PositiveSmallIntegerField()
    grace_days = models.PositiveIntegerField(
        help_text="Days from the start of the clock until this falls due."
    )
    provenance = models.CharField(max_length=20, choices=Provenance)
    sources = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        ordering = ["edition", "tier", "overlay", "capability"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "tier", "overlay", "capability"],
                name="requirement_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="requirement_of_tier_or_overlay",
                condition=Q(tier__isnull=True, overlay__isnull=False)
                | Q(tier__isnull=False, overlay__isnull=True),
            ),
            models.CheckConstraint(name="requirement_level_0_to_4", condition=Q(level__range=(0, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.tier or self.overlay}: {self.capability} at {self.level}"


class Adoption(models.Model):
    """Which edition an organisation goes by, from a day to a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="adoptions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="adoptions")
    during = DateRangeField()

    class Meta:
        ordering = ["organisation", "during"]
        constraints = [
            no_overlap(
                "one_edition_at_a_time",
                "organisation",
                message="The organisation already goes by an edition on some of these days.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} goes by {self.edition}"
