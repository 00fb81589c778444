"""Practice can be moved, asked about, answered for and passed on: four more acts, each with who may do it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("competencies", "0005_passport")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="verificationact", name="verifier_decides_owner_asks"),
        migrations.AlterField(
            model_name="verificationact",
            name="act",
            field=models.CharField(
                choices=[
                    ("request", "Waiting to be confirmed"),
                    ("withdraw", "Withdrawn"),
                    ("verify", "Confirmed"),
                    ("decline", "Not yet"),
                    ("move", "Moved to somebody else"),
                    ("ask", "Question asked"),
                    ("answer", "Question answered"),
                    ("pass_on", "Passed on to somebody else"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationact",
            constraint=models.CheckConstraint(
                name="verifier_decides_owner_asks",
                condition=Q(act__in=("verify", "decline", "ask"), by=F("verifier"))
                | Q(act__in=("request", "withdraw", "move", "answer"), by=F("owner"))
                | (Q(act="pass_on") & ~Q(by=F("owner")) & ~Q(by=F("verifier"))),
            ),
        ),
    ]
