"""Acts of a panel are appended here, each with its statement or resting on that by which it was put forward.

No words go into a statement: not an entry, and not a reason.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from django.db import transaction

from learning import verbs
from learning.actions import actor_for, store_statements
from learning.iris import COMPETENCY_TYPE, extension_iri
from learning.models import Statement
from workforce.models import User

from ..models import PanelAct, Portfolio
from ..permissions import LEAD_AND_COACH
from .queries import newest_act
from .states import NEXT, state_after

Act = PanelAct.Act
State = PanelAct.State

# What the record is told, by the act and where the portfolio then stands.
_VERBS = {
    (Act.PUT_FORWARD, State.WAITING): verbs.SUBMITTED,
    (Act.WITHDRAW, State.WITHDRAWN): verbs.RETRACTED,
    (Act.AGREE, State.CONFERRED): verbs.CONFERRED,
    (Act.AGREE, State.NOT_YET): verbs.DECLINED,
    (Act.NOT_YET, State.NOT_YET): verbs.DECLINED,
}


def append(
    portfolio: Portfolio,
    act: Act,
    latest: PanelAct | None,
    *,
    by: User | None,
    at: datetime,
    seats: tuple[User | None, User | None] | None = None,
    registration: UUID | None = None,
    reason: str = "",
    statement_id: UUID | None = None,
) -> PanelAct:
    """Add an act after the newest one, and tell the record of it where it needs to know. The caller has the lock."""
    state = NEXT[state_after(latest)][act]
    number, rounds = (latest.number, latest.round) if latest else (0, 0)
    if latest:
        seats, registration = seats or (latest.first, latest.second), registration or latest.registration
    first, second = seats or (None, None)
    new = PanelAct(
        portfolio=portfolio,
        number=number + 1,
        round=rounds + (act == Act.PUT_FORWARD),
        registration=cast(UUID, registration),  # the first act always has one
        act=act,
        state=state,
        owner=portfolio.owner,
        first=first,
        second=second,
        by=by,
        at=at,
        reason=reason.strip(),
    )
    new.full_clean(exclude=["statement"])
    verb = _VERBS.get((act, state))
    if verb and by:
        statement_id = uuid5(portfolio.uuid, f"{new.number} {act}")
        store_statements(statements=[_said(new, verb, statement_id, actor_for(by))], at=at)
    new.statement = Statement.objects.get(pk=statement_id or _basis(new).statement_id)
    new.save()
    return new


def _basis(act: PanelAct) -> PanelAct:
    """The act by which it was put forward this time."""
    return PanelAct.objects.get(portfolio=act.portfolio, round=act.round, act=Act.PUT_FORWARD)


def _said(act: PanelAct, verb: str, statement_id: UUID, actor: object) -> Mapping[str, object]:
    context: dict[str, object] = {"registration": str(act.registration)}
    portfolio = {"objectType": "Activity", "id": act.portfolio.activity.iri}
    if verb == verbs.SUBMITTED:
        about: Mapping[str, object] = portfolio
        context["contextActivities"] = {"grouping": [portfolio]}
    elif verb == verbs.CONFERRED:
        about = actor_for(act.owner)
        context["contextActivities"] = {"parent": [portfolio], "grouping": _competencies(act.portfolio)}
    else:
        about = {"objectType": "StatementRef", "id": str(_basis(act).statement_id)}
        context["contextActivities"] = {"grouping": [portfolio]}
    if verb in (verbs.CONFERRED, verbs.DECLINED):
        context["team"] = {"objectType": "Group", "member": [actor_for(member) for member in act.seats]}
    said = _statement(statement_id, actor, verb, about, context, act.at)
    return {**said, "result": _level()} if verb == verbs.CONFERRED else said


def _statement(
    statement_id: UUID,
    actor: object,
    verb: str,
    about: Mapping[str, object],
    context: Mapping[str, object],
    at: datetime,
) -> dict[str, object]:
    return {
        "id": str(statement_id),
        "actor": actor,
        "verb": verbs.verb(verb),
        "object": about,
        "context": context,
        "timestamp": at.isoformat(),
    }


def _competencies(portfolio: Portfolio) -> list[Mapping[str, object]]:
    claims = portfolio.claims.select_related("capability")
    kind = {"type": COMPETENCY_TYPE}
    return [{"objectType": "Activity", "id": c.capability.iri, "definition": kind} for c in claims]


def _level() -> Mapping[str, object]:
    return {"extensions": {extension_iri("level"): LEAD_AND_COACH}}


@transaction.atomic
def follow_voiding(*, statements: Sequence[Statement]) -> None:
    """What the record took away ends here too: an award is revoked, and what waits is put forward no longer.

    The statement of an award stands by itself, so it is not touched when only the one before it is voided.
    """
    voided = {statement.pk: statement for statement in statements}
    acts = PanelAct.objects.filter(statement__in=voided, act__in=(Act.PUT_FORWARD, Act.AGREE))
    for act in acts.select_related("portfolio__owner", "portfolio__activity").order_by("pk"):
        statement = voided[act.statement_id]
        if (act.act == Act.AGREE) == (statement.verb == verbs.CONFERRED):
            _take_off(act, statement)


def _take_off(act: PanelAct, voided: Statement) -> None:
    """`act` is the one whose own statement was voided."""
    portfolio = (
        Portfolio.objects.select_for_update(of=("self",))
        .select_related("owner", "activity")
        .get(pk=act.portfolio_id)
    )
    voiding = Statement.objects.select_related("actor__user").get(pk=cast(UUID, voided.voided_by))
    revoked = _say_revoked(voided, voiding) if voided.verb == verbs.CONFERRED else None
    latest = newest_act(portfolio)
    if latest is None or latest.round != act.round or Act.REVOKE not in NEXT[state_after(latest)]:
        return
    if (latest.state == State.CONFERRED) != (voided.verb == verbs.CONFERRED):
        return
    append(
        portfolio,
        Act.REVOKE,
        latest,
        by=voiding.actor.user if voiding.actor else None,
        at=voided.voided_at or voiding.stored,
        reason=str(voiding.content.get("result", {}).get("response", "")),
        statement_id=revoked,
    )


def _say_revoked(conferral: Statement, voiding: Statement) -> UUID:
    """The award is revoked by whoever voided its statement, for the same person and the same competencies."""
    said, revoked = conferral.content, uuid5(conferral.pk, "revoked")
    context = {
        "registration": said["context"]["registration"],
        "contextActivities": said["context"]["contextActivities"],
        "statement": {"objectType": "StatementRef", "id": str(conferral.pk)},
    }
    statement = _statement(
        revoked, voiding.content["actor"], verbs.REVOKED, said["object"], context, voiding.stored
    )
    store_statements(statements=[statement], at=voiding.stored)
    return revoked
