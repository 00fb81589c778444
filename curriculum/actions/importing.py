"""Take the curriculum from its source files."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from competencies.models import Capability
from workforce.models import Overlay, Tier

from ..importing import Report, plan_curriculum, store
from ..models import SourceState
from .editors import set_up_editors
from .freezing import freeze_module

CONTENT = Path(__file__).resolve().parent.parent / "content"
_READER = CONTENT.parent / "importing"
# The source key under which the hash of everything together is kept.
_WHOLE = "*"


@transaction.atomic
def import_curriculum(
    *,
    files: Mapping[str, bytes] | None = None,
    overwrite: Collection[str] = (),
    dry_run: bool = False,
    at: datetime | None = None,
) -> Report:
    """Bring pages and snippets in line with the sources; raises BrokenSource, storing nothing, if one is broken.

    Running it again changes nothing. A page that was edited on the site and whose source has changed is kept
    and reported, unless its key is in `overwrite`.
    """
    files = content_files() if files is None else files
    whole = _digest(files)
    if not overwrite and SourceState.objects.filter(source_key=_WHOLE, hash=whole).exists():
        return Report(same=SourceState.objects.exclude(source_key=_WHOLE).count())
    plan = plan_curriculum(
        files,
        capabilities=frozenset(Capability.objects.values_list("code", flat=True)),
        tiers=frozenset(Tier.objects.values_list("key", flat=True)),
        overlays=frozenset(Overlay.objects.values_list("key", flat=True)),
    )
    report, modules = store(plan, at=at or timezone.now(), overwrite=overwrite, dry_run=dry_run)
    for module in modules:
        freeze_module(module=module, at=at)
    if dry_run:
        return report
    if report.made:
        set_up_editors()
    if not report.kept:
        seen = {"hash": whole, "last_imported": at or timezone.now()}
        SourceState.objects.update_or_create(source_key=_WHOLE, defaults=seen)
    return report


def _digest(files: Mapping[str, bytes]) -> str:
    """One hash of all sources and of the code that reads them: while it is the same, there is nothing to do."""
    code = {path.name: path.read_bytes() for path in _READER.glob("*.py")}
    digest = hashlib.sha256()
    for name, content in sorted({**files, **code}.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def content_files() -> dict[str, bytes]:
    """The source files that come with this project, by name."""
    names = [CONTENT / "curriculum.json", *CONTENT.glob("modules/*.yaml"), *CONTENT.glob("pages/*.yaml")]
    return {path.relative_to(CONTENT).as_posix(): path.read_bytes() for path in names}
