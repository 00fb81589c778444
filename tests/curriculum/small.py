"""A small curriculum, complete in kind: a staff module, a patients' module and one in preparation."""

import copy
import json
from typing import Any

import yaml

DATES = {"as_of": "2026-01-01", "status": "in_force", "source": "a test", "review_by": "2027-01-01"}


def question(key: str, outcome: str, right: int = 0) -> dict[str, Any]:
    options = [
        {"text": f"{key} option {n}", "correct": n == right, "feedback": f"{key} feedback {n}"}
        for n in range(3)
    ]
    return {"key": key, "outcome": outcome, "stem": f"What about {key}?", "options": options}


def _module(
    key: str, activities: list[dict[str, Any]], evidences: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    return {
        "id": key,
        "title": f"Module {key}",
        "minutes": sum(activity["minutes"] for activity in activities),
        "outcomes": [
            {"id": f"{key}.o1", "text": "Say one thing", "capability": "SS-1"},
            {"id": f"{key}.o2", "text": "Say another", "capability": "SS-2"},
        ],
        "evidences": evidences,
        "activities": activities,
        "assessment": "As usual",
        "prerequisites": [],
        "aligned_to": [],
        **DATES,
        **more,
    }


def _activity(key: str, kind: str, minutes: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": kind,
        "minutes": minutes,
        "description": f"About {key}",
        "needs_verifier": False,
        **more,
    }


def _taught(key: str) -> list[dict[str, Any]]:
    return [
        _activity(f"{key}.a1", "reading"),
        _activity(f"{key}.a2", "scenario"),
        _activity(f"{key}.a3", "quiz"),
    ]


STAFF = _module(
    "TS-1",
    [
        *_taught("TS-1"),
        _activity(
            "TS-1.a4",
            "reflective_log",
            needs_verifier=True,
            prompts=[{"capability": "SS-1", "text": "What did you see?"}],
        ),
        _activity(
            "TS-1.a5",
            "portfolio",
            needs_verifier=True,
            prompts=[{"capability": "SS-1", "text": "Whom did you lead?"}],
        ),
    ],
    [
        {
            "capability": "SS-1",
            "level": 4,
            "practice_activities": ["TS-1.a4"],
            "portfolio_activities": ["TS-1.a5"],
        },
        {"capability": "SS-2", "level": 1},
    ],
    dated_facts=["candour"],
)
COMING = _module("TS-2", _taught("TS-2"), [{"capability": "SS-2", "level": 2}], prerequisites=["TS-1"])
PATIENTS = _module("TP-1", _taught("TP-1"), [{"capability": "SS-1", "level": 2}])

OUTLINE: dict[str, Any] = {
    "tiers": {
        "frontline": {"label": "Frontline", "intro": "For everyone", "modules": [STAFF]},
        "patients": {"label": "Patients", "intro": "For you", "modules": [PATIENTS]},
    },
    "overlay_modules": [COMING],
    "patient_roles": [
        {
            "key": "panel",
            "title": "Panel member",
            "purpose": "To ask",
            "rhythm": "Monthly",
            "papers": "Some",
            "what_you_add": "Sense",
            "capabilities": ["SS-1:2"],
            "modules": ["TP-1"],
            **DATES,
        }
    ],
    "glossary": [{"term": "Candour", "meaning": "Being open", **DATES}],
    "dated_facts": [{"id": "candour", "topic": "Candour", "report_said_2013": "Then", "now": "Now", **DATES}],
}

SCENES: list[dict[str, Any]] = [
    {
        "key": "start",
        "title": "A ward",
        "text": "It is late.",
        "choices": [
            {"text": "Ask", "feedback": "Asking helps.", "next": "middle"},
            {"text": "Wait", "feedback": "Time goes by.", "next": "end"},
        ],
    },
    {
        "key": "middle",
        "title": "An answer",
        "text": "They answer.",
        "choices": [{"text": "Thank them", "feedback": "They are glad.", "next": "end"}],
    },
    {"key": "end", "title": "The end", "text": "That was it.", "choices": []},
]


def written(key: str) -> dict[str, Any]:
    """A module's file: two questions more than are shown for each outcome."""
    questions = [question(f"{key}.q{n}", f"{key}.o{1 + n // 4}", right=n % 3) for n in range(8)]
    activities: dict[str, Any] = {
        f"{key}.a1": {
            "body": [{"heading": "A heading"}, {"text": "One **bold** word."}, {"then_now": "candour"}]
        },
        f"{key}.a2": {"scenes": copy.deepcopy(SCENES)},
        f"{key}.a3": {"questions": questions},
    }
    if key == "TS-1":
        activities |= {
            f"{key}.a4": {"body": [{"text": "Write."}]},
            f"{key}.a5": {"body": [{"text": "Show."}]},
        }
    return {"key": key, "activities": activities}


HOME = {
    "key": "home",
    "title": "Welcome",
    "lead": "Hello",
    "checked": "2026-01-01",
    "body": [{"text": "Come in."}],
}
ABOUT = {
    "key": "about",
    "title": "About",
    "lead": "What",
    "checked": "2026-01-01",
    "body": [{"inset": "This."}],
}


def files(outline: dict[str, Any] = OUTLINE, **modules: dict[str, Any]) -> dict[str, bytes]:
    """The source files as bytes; a keyword such as TS_1 puts another module file in its place."""
    sources = {key: modules.get(key.replace("-", "_"), written(key)) for key in ("TS-1", "TP-1")}
    return {
        "curriculum.json": json.dumps(outline, indent=1).encode(),
        **{f"modules/{key}.yaml": yaml.safe_dump(source).encode() for key, source in sources.items()},
        "pages/home.yaml": yaml.safe_dump(HOME).encode(),
        "pages/about.yaml": yaml.safe_dump(ABOUT).encode(),
    }
