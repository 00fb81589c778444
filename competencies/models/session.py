from django.db import models
from django.utils import timezone

from learning.models import Activity
from workforce.models import Team, User


class TeamSession(models.Model):
    """A session that a team held together for one activity, recorded by somebody who was asked to confirm it.

    Only for those who were present may practice be confirmed in one go; the database refuses it for anybody else.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sessions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    day = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recorded_sessions")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "activity", "day", "recorded_by"],
                name="team_session_once",
                violation_error_message="You have recorded this session.",
            ),
            models.CheckConstraint(
                name="team_session_was_held", condition=models.Q(day__lte=models.F("recorded_at__date"))
            ),
            models.CheckConstraint(name="team_session_has_title", condition=~models.Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class SessionPresence(models.Model):
    """Somebody was there."""

    session = models.ForeignKey(TeamSession, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.session}"
