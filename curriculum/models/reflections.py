from django.db import models
from django.db.models import Q
from django.utils import timezone

from workforce.models import User

QUESTIONS = 14


class Reflection(models.Model):
    """What a person wrote for themself to one of the 14 questions on how they lead. For nobody else, ever.

    There is one text for each question and no history of it: what is changed or deleted is gone.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reflections")
    number = models.PositiveSmallIntegerField(
        help_text="Which question, from 1, in the order of the outline."
    )
    text = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["user", "number"]
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="reflection_once_a_question"),
            models.CheckConstraint(
                name="reflection_number_1_to_14", condition=Q(number__range=(1, QUESTIONS))
            ),
            models.CheckConstraint(name="reflection_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Reflection {self.number}"
