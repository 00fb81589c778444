from typing import Any, ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_documents")]

    operations: ClassVar[list[Any]] = []
