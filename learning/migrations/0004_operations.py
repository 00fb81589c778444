from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("learning", "0003_attachments")]

    operations: ClassVar[list[Any]] = []
