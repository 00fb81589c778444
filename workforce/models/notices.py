from django.db import models
from django.db.models import Q

from .people import User


class Notice(models.Model):
    """Something that one person is told by mail: written down when it happens, and mailed once, later.

    It holds no words, only its kind and what it is about. The unique key keeps it from being told twice.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30)
    about = models.UUIDField()
    due = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.CheckConstraint(name="notice_has_key", condition=~Q(key="") & ~Q(kind=""))]
        indexes = [models.Index(fields=["due"], name="notice_unsent", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user}"


class NoticeChoice(models.Model):
    """Whether a person wants mails about practice. Who never chose gets them."""

    class Choice(models.TextChoices):
        SOON = "soon", "When something happens, in one email an hour at most"
        NONE = "none", "Not at all"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_choice")
    choice = models.CharField(max_length=10, choices=Choice)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="notice_choice_known", condition=Q(choice__in=["soon", "none"]))
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_choice_display()}"
