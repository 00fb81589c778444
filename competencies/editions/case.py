"""1EdTech CASE (Competencies and Academic Standards Exchange) 1.0 and 1.1: an edition as a CFPackage, and back.

Domains and capabilities are CFItems, the tree is `isChildOf`, and `exactMatchOf` ties each item to the IRI that the
capability has in every edition. The levels are a rubric. What is asked of whom has no place in CASE: 1.1 carries it
in `extensions`, under a name of ours, and 1.0 leaves it out. Identifiers are uuid5, so they come out the same again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from learning.iris import capability_iri, extension_iri

from .sheet import Sheet
from .writing import tree_of

ADOPTION = {"draft": "Private Draft", "review": "Draft", "published": "Adopted", "retired": "Deprecated"}
KEY = "edition"
# What the extension carries: everything that the tree of the data file has and CASE cannot say.
CARRIED = ("tiers", "sources", "grace_days", "validity_months_default", "overlays", "team_requirements")


class NotCase(Exception):
    """The package cannot be read; says where, and which rule it breaks."""


def package(sheet: Sheet, changed: datetime, version: str = "1.1") -> dict[str, Any]:
    """The edition as a CFPackage of CASE `version`, last changed at `changed`."""
    tree, base = tree_of(sheet), _base(sheet)
    when = changed.isoformat(timespec="seconds")
    document = _link(base, sheet.edition.framework.title)
    items, associations = [], []
    for number, domain in enumerate(tree["domains"], start=1):
        item = _item(f"{base}/domains/{domain['id']}", when, document, domain["id"], domain["name"], "Domain")
        items.append(item)
        associations.append(_association("isChildOf", item, document, base, when, number))
    parents = dict(zip([domain["id"] for domain in tree["domains"]], list(items), strict=True))
    for number, capability in enumerate(tree["capabilities"], start=1):
        iri = capability_iri(capability["iri_suffix"])
        item = _item(
            f"{base}/capabilities/{capability['id']}",
            when,
            document,
            capability["id"],
            capability["description"],
            "Capability",
        )
        item["abbreviatedStatement"] = capability["name"]
        if version == "1.1":
            item["extensions"] = {
                extension_iri("capability"): {k: capability[k] for k in ("sources", "expected")}
            }
        items.append(item)
        parent = _item_link(parents[capability["domain"]])
        associations.append(_association("isChildOf", item, parent, base, when, number))
        associations.append(_association("exactMatchOf", item, _link(iri, capability["name"]), base, when))
    head = _document(sheet, tree, base, when)
    if version == "1.1":
        head["frameworkType"] = "Competency framework"
        head["extensions"] = {extension_iri(KEY): {k: tree[k] for k in CARRIED if k in tree}}
    return {
        "CFDocument": head,
        "CFItems": items,
        "CFAssociations": associations,
        "CFDefinitions": {"CFItemTypes": [_type(base, name, when) for name in ("Domain", "Capability")]},
        "CFRubrics": [_rubric(tree, base, when)],
    }


def _base(sheet: Sheet) -> str:
    edition = sheet.edition
    return f"{capability_iri('').removesuffix('capabilities/')}frameworks/{edition.framework.key}/{edition.version}"


def _identifier(uri: str) -> str:
    return str(uuid5(NAMESPACE_URL, uri))


def _link(uri: str, title: str) -> dict[str, str]:
    return {"title": title, "identifier": _identifier(uri), "uri": uri}


def _item_link(item: Mapping[str, Any]) -> dict[str, str]:
    title = item.get("abbreviatedStatement") or item["fullStatement"]
    return {"title": title, "identifier": item["identifier"], "uri": item["uri"]}


def _document(sheet: Sheet, tree: dict[str, Any], base: str, when: str) -> dict[str, Any]:
    return {
        "identifier": _identifier(base),
        "uri": base,
        "creator": "Promise to Learn",
        "title": tree["title"],
        "lastChangeDateTime": when,
        "version": tree["version"],
        "description": tree["status"],
        "adoptionStatus": ADOPTION[sheet.edition.state],
        "statusStartDate": tree["date"],
        "language": "en",
        "CFPackageURI": _link(f"{base}/package", tree["title"]),
    }


def _item(
    uri: str, when: str, document: dict[str, str], code: str, statement: str, kind: str
) -> dict[str, Any]:
    return {
        "identifier": _identifier(uri),
        "uri": uri,
        "fullStatement": statement,
        "humanCodingScheme": code,
        "CFItemType": kind,
        "CFDocumentURI": document,
        "language": "en",
        "lastChangeDateTime": when,
    }


def _association(
    kind: str, item: dict[str, Any], to: dict[str, str], base: str, when: str, number: int | None = None
) -> dict[str, Any]:
    uri = f"{base}/associations/{kind}/{item['humanCodingScheme']}"
    found: dict[str, Any] = {
        "identifier": _identifier(uri),
        "uri": uri,
        "associationType": kind,
        "originNodeURI": _item_link(item),
        "destinationNodeURI": to,
        "lastChangeDateTime": when,
    }
    return found if number is None else found | {"sequenceNumber": number}


def _type(base: str, name: str, when: str) -> dict[str, Any]:
    uri = f"{base}/types/{name}"
    return {
        "identifier": _identifier(uri),
        "uri": uri,
        "title": name,
        "description": name,
        "hierarchyCode": name,
        "lastChangeDateTime": when,
    }


def _rubric(tree: dict[str, Any], base: str, when: str) -> dict[str, Any]:
    def named(path: str) -> dict[str, Any]:
        uri = f"{base}/{path}"
        return {"identifier": _identifier(uri), "uri": uri, "lastChangeDateTime": when}

    rubric = named("rubrics/levels")
    criterion = named("rubrics/levels/criterion") | {
        "rubricId": rubric["identifier"],
        "description": "How a capability is held",
        "position": 1,
        "CFRubricCriterionLevels": [
            named(f"rubrics/levels/{level['level']}")
            | {
                "quality": level["label"],
                "score": level["level"],
                "description": level["meaning"],
                "feedback": level["evidence"],
                "position": level["level"] + 1,
            }
            for level in tree["levels"]
        ],
    }
    return rubric | {"title": "Levels", "CFRubricCriteria": [criterion]}


def tree_from_package(given: Any, version: str, dated: str, standard: dict[str, Any]) -> dict[str, Any]:
    """The tree of a data file. What the package does not say is taken from `standard`, and asked of nobody."""
    head = _part(given, "CFDocument", dict, "the package")
    items = {
        _text(item, "identifier", f"CFItems.{n}"): (n, item)
        for n, item in enumerate(_part(given, "CFItems", list, "the package"))
    }
    links = _part(given, "CFAssociations", list, "the package")
    parents, names = _links(links, items)
    ours = head.get("extensions", {}) if isinstance(head.get("extensions"), dict) else {}
    carried = ours.get(extension_iri(KEY), {})
    groups = [key for key in items if key in set(parents.values())]
    tree = {name: standard[name] for name in (*CARRIED, "levels") if name in standard}
    tree |= {"overlays": [], "team_requirements": []} | (carried if isinstance(carried, dict) else {})
    tree["title"] = _text(head, "title", "CFDocument")
    tree |= {
        "version": version,
        "date": dated,
        "status": head.get("description") or "Read from a CASE package.",
    }
    tree["levels"] = _levels(given) or tree["levels"]
    tree["domains"] = [
        {"id": _code(*items[key]), "name": _text(items[key][1], "fullStatement", f"CFItems.{items[key][0]}")}
        for key in groups
    ]
    nobody = {t["key"]: {"level": 0, "provenance": "reconstruction"} for t in tree["tiers"]}
    tree["capabilities"] = []
    for key, (n, item) in items.items():
        if key in groups:
            continue
        if parents.get(key) not in items:
            raise NotCase(
                f"CFItems.{n}: it is a child of no other item. Give each capability a domain (isChildOf)."
            )
        tree["capabilities"].append(_capability(n, item, names.get(key, ""), nobody, items[parents[key]]))
    return tree


def _capability(
    n: int, item: dict[str, Any], iri: str, nobody: dict[str, Any], parent: tuple[int, dict[str, Any]]
) -> dict[str, Any]:
    own = item.get("extensions")
    said = own.get(extension_iri("capability"), {}) if isinstance(own, dict) else {}
    code = _code(n, item)
    statement = _text(item, "fullStatement", f"CFItems.{n}")
    suffix = iri.removeprefix(capability_iri("")) if iri.startswith(capability_iri("")) else code.lower()
    return {
        "id": code,
        "domain": _code(*parent),
        "name": item.get("abbreviatedStatement") or statement[:100],
        "description": statement,
        "iri_suffix": suffix,
        "sources": said.get("sources", []),
        "expected": said.get("expected", nobody),
    }


def _links(links: list[Any], items: Mapping[str, object]) -> tuple[dict[str, str], dict[str, str]]:
    """Item → its parent item, and item → the IRI that it exactly matches."""
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    for n, link in enumerate(links):
        here = f"CFAssociations.{n}"
        if not isinstance(link, dict):
            raise NotCase(f"{here}: this must be an object.")
        origin = _text(_part(link, "originNodeURI", dict, here), "identifier", f"{here}.originNodeURI")
        to = _part(link, "destinationNodeURI", dict, here)
        if origin not in items:
            raise NotCase(f"{here}.originNodeURI: there is no item {origin}.")
        if link.get("associationType") == "isChildOf":
            target = _text(to, "identifier", f"{here}.destinationNodeURI")
            if target in items:
                parents[origin] = target
        elif link.get("associationType") == "exactMatchOf":
            names[origin] = _text(to, "uri", f"{here}.destinationNodeURI")
    return parents, names


def _levels(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The levels of our own rubric; another rubric says nothing about levels that we know."""
    for rubric in given.get("CFRubrics") or []:
        for criterion in (rubric.get("CFRubricCriteria") or []) if isinstance(rubric, dict) else []:
            steps = criterion.get("CFRubricCriterionLevels") if isinstance(criterion, dict) else None
            if isinstance(steps, list) and [isinstance(s, dict) and s.get("score") for s in steps] == [
                0,
                1,
                2,
                3,
                4,
            ]:
                return [
                    {
                        "level": step["score"],
                        "key": f"level-{step['score']}",
                        "label": step.get("quality", ""),
                        "meaning": step.get("description", ""),
                        "evidence": step.get("feedback", ""),
                    }
                    for step in steps
                ]
    return []


def _code(n: int, item: dict[str, Any]) -> str:
    return _text(item, "humanCodingScheme", f"CFItems.{n}")


def _part(given: Any, name: str, kind: type, where: str) -> Any:
    if not isinstance(given, dict) or not isinstance(given.get(name), kind):
        what = "an object" if kind is dict else "a list"
        raise NotCase(f"{where}: {name} is missing, or is not {what}.")
    return given[name]


def _text(given: Any, name: str, where: str) -> str:
    value = given.get(name) if isinstance(given, dict) else None
    if not isinstance(value, str) or not value:
        raise NotCase(f"{where}.{name}: this must be a text and is required.")
    return value
