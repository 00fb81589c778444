"""What is written in one of two ways is kept in one of them."""

from collections.abc import Mapping

import msgspec
from msgspec import Raw

from .activities import Activity
from .statements import Context, Statement, SubStatement

USAGES = ("parent", "grouping", "category", "other")

Properties = Mapping[str, Raw]


def normalised(properties: Properties, said: Statement) -> dict[str, Raw]:
    """The properties with each context activity in a list, as they must be returned (Data 2.4.6.2).

    All else is left as it came, to the byte.
    """
    kept = dict(properties)
    if said.context and _has_a_bare_one(said.context):
        kept["context"] = _with_lists(kept["context"])
    inner = said.object
    if isinstance(inner, SubStatement) and inner.context and _has_a_bare_one(inner.context):
        parts = msgspec.json.decode(kept["object"], type=dict[str, Raw])
        kept["object"] = _written(parts | {"context": _with_lists(parts["context"])})
    return kept


def _has_a_bare_one(context: Context) -> bool:
    named = context.contextActivities
    return bool(named) and any(isinstance(getattr(named, usage), Activity) for usage in USAGES)


def _with_lists(context: Raw) -> Raw:
    parts = msgspec.json.decode(context, type=dict[str, Raw])
    usages = msgspec.json.decode(parts["contextActivities"], type=dict[str, Raw])
    lists = {
        usage: Raw(b"[%s]" % bytes(named)) if bytes(named).lstrip().startswith(b"{") else named
        for usage, named in usages.items()
    }
    return _written(parts | {"contextActivities": _written(lists)})


def _written(parts: Mapping[str, Raw]) -> Raw:
    return Raw(msgspec.json.encode(parts))
