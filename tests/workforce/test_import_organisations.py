from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from workforce.imports.faults import Refused
from workforce.imports.organisations import COLUMNS, import_organisations, import_successions, readable
from workforce.models import Organisation, Succession
from workforce.regions import region_name

pytestmark = pytest.mark.django_db
HEAD = ",".join(COLUMNS)


def send(*rows: str) -> None:
    import_organisations(data="\n".join([HEAD, *rows]).encode())


def test_reference_organisations_open_close_and_carry_on() -> None:
    call_command("import_organisations", stdout=StringIO())

    poole = Organisation.objects.get(code="RD3")
    assert Organisation.objects.count() == 12
    assert (poole.name, poole.opened, poole.closed) == (
        "Poole Hospital NHS Foundation Trust",
        date(1992, 4, 1),
        date(2020, 9, 30),
    )
    assert region_name(poole.region) == "South West"
    assert list(Succession.objects.values_list("old__code", "new__code", "on").order_by("old__code")) == [
        ("RD3", "R0D", date(2020, 10, 1)),
        ("RDZ", "R0D", date(2020, 10, 1)),
    ]
    assert not Organisation.objects.exclude(joined=None, is_invented=False).exists()


def test_again_changes_nothing() -> None:
    call_command("import_organisations", stdout=StringIO())
    out = StringIO()
    call_command("import_organisations", stdout=out)

    assert (
        out.getvalue()
        == "0 new, 0 changed, 12 unchanged, 0 kept that are not in the file, 0 new successions.\n"
    )


def test_code_that_is_gone_from_the_file_is_kept_and_a_changed_one_is_changed() -> None:
    send("R0A,OLD NAME,Y62,QOP,M1 1AA,20171001,", "R1H,BARTS,Y56,QMF,E1 2ES,20120401,")
    Organisation.objects.update(joined=date(2026, 1, 1))
    send("R0A,NEW NAME,Y62,QOP,M1 1AA,20171001,20260331")

    changed = Organisation.objects.get(code="R0A")
    assert (changed.name, changed.sort_name, changed.closed) == ("New Name", "new name", date(2026, 3, 31))
    assert changed.joined == date(2026, 1, 1)
    assert Organisation.objects.filter(code="R1H").exists()


def test_wrong_rows_are_all_named_and_nothing_is_stored() -> None:
    with pytest.raises(Refused) as refused:
        send(
            "R0A,GOOD,Y62,QOP,M1 1AA,20171001,",
            "r0b,,Y99,q!,M1 1AA,2017,",
            "R0C,CLOSED,Y62,,,20171001,20160101",
        )

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [
        (3, "icb_ods"),
        (3, "name"),
        (3, "ods_code"),
        (3, "open_date"),
        (3, "region_ods"),
        (4, "close_date"),
    ]
    assert not Organisation.objects.exists()


def test_code_twice_and_code_of_a_made_up_trust_are_refused() -> None:
    Organisation.objects.create(code="ZZ1", name="Invented", opened=date(2020, 1, 1), is_invented=True)

    with pytest.raises(Refused, match="there twice"):
        send("R0A,ONE,Y62,QOP,,20171001,", "R0A,TWO,Y62,QOP,,20171001,")
    with pytest.raises(Refused, match="made-up organisation"):
        send("ZZ1,REAL,Y62,QOP,,20171001,")


def test_unknown_code_in_a_succession_undoes_all(tmp_path: Path) -> None:
    organisations, successions = tmp_path / "organisations.csv", tmp_path / "successions.csv"
    organisations.write_text(f"{HEAD}\nR0A,ONE,Y62,QOP,,20171001,\n")
    successions.write_text("old,new,on\nRXX,R0A,20201001\n")

    with pytest.raises(CommandError, match="row 2, old: No organisation has the code “RXX”"):
        call_command("import_organisations", str(organisations), successions=successions)
    assert not Organisation.objects.exists()


def test_successions_that_go_round_in_a_circle_are_refused() -> None:
    send(*(f"{code},ONE,Y62,,,20171001," for code in ("R0A", "R0B", "R0C")))
    import_successions(data=b"old,new,on\nR0A,R0B,20180401\n")

    with pytest.raises(Refused) as refused:
        import_successions(data=b"old,new,on\nR0B,R0C,20190401\nR0C,R0A,20200401\n")

    assert [(fault.row, "circle" in fault.problem) for fault in refused.value.faults] == [(3, True)]
    assert Succession.objects.count() == 1


@pytest.mark.parametrize(
    ("received", "name"),
    [
        ("BARTS HEALTH NHS TRUST", "Barts Health NHS Trust"),
        ("THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN", "The Queen Elizabeth Hospital, King's Lynn"),
        ("ROYAL STOKE-ON-TRENT AND DISTRICT", "Royal Stoke-on-Trent and District"),
        ("NHS Norfolk and Waveney ICB", "NHS Norfolk and Waveney ICB"),
    ],
)
def test_capitals_become_readable(received: str, name: str) -> None:
    assert readable(received) == name
