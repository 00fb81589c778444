"""Files that come and go without hands, in a folder for each organisation.

ESR_FOLDER/CODE/out   one file a day goes here, whole or not at all
ESR_FOLDER/CODE/in    files put here are taken in; then they move to in/done, or to in/refused with the reasons
"""

import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction

from workforce.imports.faults import Fault, Refused
from workforce.imports.tables import LARGEST_FILE
from workforce.models import Organisation

from ..models import EsrExport
from .exporting import Written, file_name, keep_history, write_esr
from .importing import import_esr

FOR_ITS_GROUP = 0o640
SETTLED_SECONDS = 60  # a file that changed since may still be on its way


@transaction.atomic
def export_to_folder(*, organisation: Organisation, on: date, folder: Path) -> EsrExport | None:
    """Put the file of the day into the folder, once; None where it went before. Raises `CannotExport`."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one file at a time
    nightly = EsrExport.Way.NIGHTLY
    if EsrExport.objects.filter(organisation=organisation, on=on, way=nightly).exists():
        return None
    target = folder / organisation.code / "out" / file_name(organisation, on)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = write_whole(organisation=organisation, on=on, target=target)
    return keep_history(organisation=organisation, on=on, way=nightly, written=written)


def write_whole(*, organisation: Organisation, on: date, target: Path) -> Written:
    """Write the file under another name first, so that nobody ever finds half of it."""
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as file:
        try:
            written = write_esr(organisation=organisation, on=on, file=file)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, FOR_ITS_GROUP)
            os.replace(file.name, target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return written


def import_from_folder(*, organisation: Organisation, folder: Path) -> int:
    """Take in the files that wait; returns how many. A worker that is killed leaves them, and the next goes on."""
    waiting = folder / organisation.code / "in"
    count = 0
    for path in sorted(waiting.glob("*.csv")) if waiting.is_dir() else []:
        if path.is_symlink() or not path.is_file() or time.time() - path.stat().st_mtime < SETTLED_SECONDS:
            continue
        try:
            import_esr(organisation=organisation, data=_content(path), file_name=_shown_name(path))
        except Refused as refused:
            _move(path, waiting / "refused", refused.faults)
        else:
            _move(path, waiting / "done")
        count += 1
    return count


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)  # one byte more, so that a larger file is refused


def _shown_name(path: Path) -> str:
    return os.fsencode(path.name).decode(errors="replace")


def _move(path: Path, folder: Path, faults: Sequence[Fault] = ()) -> None:
    """Out of the way, under a name that nothing there has."""
    folder.mkdir(exist_ok=True)
    target = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.name}"
    if faults:
        reasons = "\n".join(["Nothing was stored.", *map(str, faults)])
        target.with_suffix(".txt").write_text(reasons + "\n", encoding="utf-8")
    os.replace(path, target)
