from django.contrib.postgres.fields import DateRangeField
from django.db import models

from .organisations import Organisation
from .people import User
from .ranges import no_overlap


class Committee(models.Model):
    """A committee, panel or visit on which patient representatives sit. `role_key` names the patient role."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="committees")
    role_key = models.SlugField()
    name = models.CharField(max_length=200)
    link_person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="linked_committees",
    )

    class Meta:
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="committee_name_in_organisation")
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A person sits on a committee from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="seats")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    during = DateRangeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_overlap(
                "seat_once_at_a_time",
                "user",
                "committee",
                message="This person already holds a seat on this committee on some of these days.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.committee}"
