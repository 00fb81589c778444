"""Coverage rows for tests: the columns of tables.COLUMNS with as little typing as can be."""

from typing import Any

from competencies.coverage.tables import Row

TIERS = {"board": 1, "managers": 2, "frontline": 3}


def row(node: int | None = None, met: int = 0, due: int = 0, **more: Any) -> Row:
    tier = more.pop("tier", "frontline")
    capability = more.pop("capability", "SS-1")
    base: dict[str, Any] = {
        "node_id": node,
        "node_code": "X01" if node is None else f"W{node:02}",
        "node_name": "Example Trust" if node is None else f"Ward {node}",
        "parent_id": None,
        "depth": 0 if node is None else 1,
        "tier_key": tier,
        "tier_label": tier.capitalize(),
        "tier_order": TIERS[tier],
        "capability_code": capability,
        "capability_name": f"Capability {capability}",
        "domain_code": capability[:2],
        "domain_name": f"Domain {capability[:2]}",
        "capability_order": 1,
        "expected_level": 2,
        "engagement": "staff",
        "numerator": met,
        "denominator": due,
        "not_yet_due": 0,
        "excluded": 0,
        "due_for_renewal": 0,
    }
    return base | more  # type: ignore[return-value]
