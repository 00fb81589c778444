"""What people reached, what ended and what was taken back becomes history once, and the record is told once."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from competencies import stating
from competencies.actions import RuleSpec, rebuild_evidence, set_evidence_rules, verify
from competencies.history import appending
from competencies.history.appending import append_acts
from competencies.history.queries import history_of
from competencies.history.stating import state_acts, statement_id
from competencies.models import CapabilityAct, Evidence, Holding
from competencies.tasks import tell_what_became_of_capabilities
from learning import verbs
from learning.actions import actor_for, store_statements, void_statement
from learning.iris import EXPIRES_EXTENSION, extension_iri
from learning.models import Statement
from workforce.models import User

from .conftest import noon
from .test_evidence import (
    EVIDENCE,
    HOLDINGS,
    LOG,
    MODULE,
    TODAY,
    founder,
    module_rules,
    passed,
    people,
    put_forward,
    team,
)

__all__ = ["founder", "people", "team"]

Show = Callable[..., UUID]
JANUARY = date(2020, 1, 10)
NOW = date(2026, 6, 2)


def acts(**of: object) -> list[tuple[str, int, date, str]]:
    rows = CapabilityAct.objects.filter(**of).order_by("at", "pk")
    return list(rows.values_list("act", "level", "on", "reason"))


def test_a_level_that_was_reached_is_appended_and_said_once(people: dict[str, User], show: Show) -> None:
    source = show(people["learner"], "SS-1", 2, TODAY)

    assert tell_what_became_of_capabilities() == 1
    assert tell_what_became_of_capabilities() == 0

    act = CapabilityAct.objects.select_related("statement", "capability").get()
    assert acts() == [("achieve", 2, TODAY, "shown")]
    assert (act.source_id, act.by, act.at) == (source, None, noon(TODAY))
    assert act.statement
    said = act.statement.content
    assert said["verb"]["id"] == verbs.ACHIEVED
    assert said["actor"] == actor_for(people["learner"])
    assert said["object"]["id"] == act.capability.iri
    assert said["result"] == {"extensions": {extension_iri("level"): 2}}
    assert said["context"]["statement"]["id"] == str(source)
    assert said["context"]["extensions"] == {EXPIRES_EXTENSION: str(act.until)}


def test_practice_that_gives_three_levels_is_told_at_the_highest(
    people: dict[str, User], founder: User
) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))

    append_acts(on=TODAY)

    assert acts() == [("achieve", 2, TODAY, "shown"), ("achieve", 3, TODAY, "shown")]
    reached = [one for one in history_of(people["learner"]) if one.what == "Level reached"]
    assert {one.why.partition(".")[0] for one in reached} == {
        "You passed the check of a part of your learning",
        "colleague confirmed “What mattered today”",
    }


def test_a_lapse_and_a_fall_back_are_told_on_their_day_and_not_before(
    people: dict[str, User], show: Show
) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    lapse = Holding.objects.get().during.upper

    append_acts(on=lapse - timedelta(days=1))
    assert acts(act="expire") == []
    append_acts(on=lapse)
    assert acts(act="expire") == [("expire", 2, lapse, "lapsed")]

    show(people["colleague"], "SS-1", 3, JANUARY)
    fell = Holding.objects.get(user=people["colleague"]).during.upper
    show(people["colleague"], "SS-1", 2, fell - timedelta(days=9))
    append_acts(on=fell)
    assert acts(act="expire", user=people["colleague"]) == [("expire", 3, fell, "fell_back")]


def test_the_record_is_told_of_a_lapse_as_of_the_morning_of_its_day(
    people: dict[str, User], show: Show
) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    append_acts(on=NOW)
    state_acts()

    said = Statement.objects.get(verb=verbs.EXPIRED).content
    lapse = Holding.objects.get().during.upper
    assert said["context"]["extensions"] == {EXPIRES_EXTENSION: lapse.isoformat()}
    assert said["timestamp"].startswith(f"{lapse}T00:00:00")


def test_what_was_renewed_in_time_never_ended(people: dict[str, User], show: Show) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    show(people["learner"], "SS-1", 2, JANUARY + timedelta(days=700))
    lapse = Holding.objects.get().during.upper
    append_acts(on=lapse - timedelta(days=1))
    assert [act for act, *_ in acts()] == ["achieve", "achieve"]


def test_a_voided_statement_revokes_what_it_gave_and_names_who_voided_it(
    people: dict[str, User], show: Show
) -> None:
    source = show(people["learner"], "SS-1", 2, TODAY)
    append_acts(on=TODAY)
    void_statement(statement_id=source, by=people["colleague"], reason="The wrong person.", at=noon(NOW))

    append_acts(on=NOW)
    state_acts()

    revoked = CapabilityAct.objects.select_related("statement").get(act="revoke")
    assert (revoked.on, revoked.by, revoked.reason) == (NOW, people["colleague"], "voided")
    assert revoked.statement
    said = revoked.statement.content
    assert said["verb"]["id"] == verbs.REVOKED
    assert (said["actor"], said["object"]) == (
        actor_for(people["colleague"]),
        actor_for(people["learner"]),
    )
    assert "The wrong person." not in revoked.statement.payload
    assert acts() == [("achieve", 2, TODAY, "shown"), ("revoke", 2, NOW, "voided")]


def test_practice_dated_anew_is_not_revoked(people: dict[str, User], founder: User) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    append_acts(on=NOW)
    first = Statement.objects.get(verb=verbs.PASSED)
    passed(people["learner"], NOW)
    void_statement(statement_id=first.pk, by=founder, reason="The wrong person.", at=noon(NOW))
    append_acts(on=NOW)

    practice = Statement.objects.get(verb=verbs.VERIFIED)
    assert acts(source=practice.pk) == [("achieve", 3, TODAY, "shown"), ("achieve", 3, NOW, "shown")]
    assert acts(source=first.pk, act="revoke") == [("revoke", 2, NOW, "voided")]


def test_what_the_record_is_told_changes_nothing_that_counts(people: dict[str, User], show: Show) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    gone = show(people["learner"], "PP-2", 2, TODAY)
    void_statement(statement_id=gone, by=people["colleague"], reason="The wrong person.", at=noon(NOW))
    before = list(Evidence.objects.values_list(*EVIDENCE)), list(Holding.objects.values_list(*HOLDINGS))

    append_acts(on=NOW)
    assert state_acts() == 4
    assert list(Evidence.objects.values_list(*EVIDENCE)) == before[0]
    rebuild_evidence()
    append_acts(on=NOW)

    after = list(Evidence.objects.values_list(*EVIDENCE)), list(Holding.objects.values_list(*HOLDINGS))
    assert after == before
    assert state_acts() == 0


def test_the_database_refuses_a_rule_for_what_is_worked_out(people: dict[str, User]) -> None:
    for verb in verbs.OUTPUTS:
        with pytest.raises(IntegrityError, match="evidence_rule_never_of_an_output"), transaction.atomic():
            set_evidence_rules(activity_iri=LOG, rules=[RuleSpec(verb, "SS-1", 2)])
        with pytest.raises(IntegrityError, match="evidence_rule_never_of_an_output"), transaction.atomic():
            set_evidence_rules(
                activity_iri=LOG, rules=[RuleSpec(verbs.VERIFIED, "SS-1", 3, after=(MODULE, verb))]
            )


def test_the_database_refuses_to_change_or_repeat_what_became(people: dict[str, User], show: Show) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    append_acts(on=NOW)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        CapabilityAct.objects.update(level=4)
    for act, name in (("achieve", "capability_act_once"), ("expire", "capability_ends_once_a_day")):
        again = CapabilityAct.objects.get(act=act)
        again.pk = None
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            again.save(force_insert=True)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"level": 5}, "capability_act_level_1_to_4"),
        ({"reason": "lapsed"}, "capability_act_has_its_reason"),
        ({"until": JANUARY}, "capability_act_until_after_on"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    people: dict[str, User], show: Show, wrong: dict[str, object], name: str
) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    append_acts(on=JANUARY)
    act = CapabilityAct.objects.get()
    act.pk = None
    act.at = noon(NOW)
    for field, value in wrong.items():
        setattr(act, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act.save(force_insert=True)


def test_a_worker_that_is_killed_between_batches_says_nothing_twice(
    people: dict[str, User], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stating, "BATCH", 2)
    monkeypatch.setattr(appending, "PEOPLE_AT_A_TIME", 1)
    for person in people.values():
        show(person, "SS-1", 2, TODAY)
    append_acts(on=TODAY)
    real, calls = stating.store_statements, []

    def killed(**given: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(stating, "store_statements", killed)
    with pytest.raises(KeyboardInterrupt):
        state_acts()
    assert Statement.objects.filter(verb=verbs.ACHIEVED).count() == 2
    assert state_acts() == 1
    assert Statement.objects.filter(verb=verbs.ACHIEVED).count() == 3


def test_a_history_that_was_lost_is_filled_again_with_the_same_ids(
    people: dict[str, User], show: Show
) -> None:
    show(people["learner"], "SS-1", 2, JANUARY)
    append_acts(on=NOW)
    state_acts()
    before = {statement_id(act) for act in CapabilityAct.objects.select_related("capability")}
    said = Statement.objects.count()
    CapabilityAct.objects.all().delete()

    append_acts(on=NOW)
    assert state_acts() == 2

    assert {act.statement_id for act in CapabilityAct.objects.all()} == before
    assert Statement.objects.count() == said


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_append_and_say_everything_once(people: dict[str, User], show: Show) -> None:
    for person in people.values():
        for code in ("SS-1", "PP-2", "IM-3"):
            show(person, code, 2, JANUARY)
    together = Barrier(2)

    def work() -> None:
        together.wait()
        append_acts(on=NOW)
        state_acts()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert CapabilityAct.objects.count() == 18
    assert not CapabilityAct.objects.filter(statement=None).exists()
    assert Statement.objects.filter(verb__in=verbs.OUTPUTS).count() == 18


def test_a_statement_of_another_system_is_never_taken_for_ours(people: dict[str, User]) -> None:
    iri = "https://example.org/capabilities/x"
    said = {"id": str(uuid4()), "actor": actor_for(people["learner"]), "object": {"id": iri}}
    store_statements(statements=[{**said, "verb": verbs.verb(verbs.ACHIEVED)}], at=noon(TODAY))
    assert (append_acts(on=NOW), state_acts()) == (0, 0)
