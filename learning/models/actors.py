from django.conf import settings
from django.db import models
from django.db.models import Q


class Actor(models.Model):
    """Somebody or some group in statements, known by one identifier and by nothing else.

    The id follows from the identifier (learning.keys), which is opaque to the record. `user` is the only link from
    it to a person: clear the link and the
    statements stay, pointing at nobody.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    identifier = models.TextField(
        unique=True,
        help_text="account|home page|name, mbox|address, mbox_sha1sum|hash or openid|address.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actors",
    )
    is_own = models.BooleanField(
        default=False, help_text="The account that this system minted for the person."
    )

    class Meta:
        ordering = ["identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_own=True),
                name="actor_own_once_per_user",
            )
        ]

    def __str__(self) -> str:
        return self.identifier
