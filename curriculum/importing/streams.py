"""Written blocks, scenes and questions as the raw lists that Wagtail's StreamFields keep.

Each part gets an id made from its place, so that the same source always gives the same page.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from . import source
from .faults import Fault, Path
from .markdown import html_from

Raw = list[dict[str, Any]]


class Writer:
    """Turns one activity's or page's parts into raw streams and gathers what is wrong on the way."""

    def __init__(self, file: str, seed: UUID, path: Path) -> None:
        self.file, self.seed, self.path = file, seed, path
        self.faults: list[Fault] = []

    def body(self, blocks: Sequence[source.Block]) -> Raw:
        return [raw for number, block in enumerate(blocks) for raw in self._block(block, ("body", number))]

    def scenes(self, scenes: Sequence[source.Scene]) -> Raw:
        return self._stream("scene", "scenes", scenes, self._scene)

    def questions(self, questions: Sequence[source.Question]) -> Raw:
        return self._stream("question", "questions", questions, self._question)

    def outcomes(self, outcomes: Sequence[source.Outcome]) -> Raw:
        return self._stream(
            "outcome",
            "outcomes",
            outcomes,
            lambda o, _: {"key": o.id, "text": o.text, "capability": o.capability},
        )

    def prompts(self, prompts: Sequence[source.Prompt]) -> Raw:
        return self._stream(
            "prompt", "prompts", prompts, lambda p, _: {"capability": p.capability, "text": p.text}
        )

    def evidences(self, evidences: Sequence[source.Evidence]) -> Raw:
        return self._stream("evidence", "evidences", evidences, self._evidence)

    def _stream(self, kind: str, name: str, parts: Sequence[Any], value: Callable[[Any, Path], Any]) -> Raw:
        return [
            {"type": kind, "value": value(part, (name, number)), "id": self._id((name, number))}
            for number, part in enumerate(parts)
        ]

    def _block(self, block: source.Block, path: Path) -> Raw:
        given = block.given
        if len(given) != 1:
            self._fault("Write exactly one kind of block in each item of the list.", path)
            return []
        [(kind, value)] = given
        return [{"type": kind, "value": self._value(kind, value, (*path, kind)), "id": self._id(path)}]

    def _value(self, kind: str, value: Any, path: Path) -> Any:
        match value:
            case source.Voice(who, text):
                return {"who": who, "text": self._html(text, (*path, "text"))}
            case source.Callout(heading, text):
                return {"heading": heading, "text": self._html(text, (*path, "text"))}
            case source.Details(summary, text):
                return {"summary": summary, "text": self._html(text, (*path, "text"))}
            case source.Listed(items, heading):
                default = "Do" if kind == "do" else "Do not"
                return {"heading": heading or default, "items": self._items(items, path)}
            case source.Table(caption, head, rows):
                cells = [self._items(row, (*path, "rows", number)) for number, row in enumerate(rows)]
                return {
                    "caption": caption,
                    "head": self._items(head, (*path, "head")),
                    "rows": self._items(cells, (*path, "rows")),
                }
            case str() if kind in ("heading", "then_now"):
                return value
            case _:
                return self._html(value, path)

    def _scene(self, scene: source.Scene, path: Path) -> dict[str, Any]:
        choices = [
            {
                "text": choice.text,
                "feedback": self._html(choice.feedback, (*path, "choices", number, "feedback")),
                "next": choice.next,
            }
            for number, choice in enumerate(scene.choices)
        ]
        return {
            "key": scene.key,
            "title": scene.title,
            "text": self._html(scene.text, (*path, "text")),
            "choices": self._items(choices, path),
        }

    def _question(self, question: source.Question, path: Path) -> dict[str, Any]:
        options = [
            {
                "text": option.text,
                "correct": option.correct,
                "feedback": self._html(option.feedback, (*path, "options", number, "feedback")),
            }
            for number, option in enumerate(question.options)
        ]
        return {
            "key": question.key,
            "outcome": question.outcome,
            "stem": self._html(question.stem, (*path, "stem")),
            "options": self._items(options, path),
        }

    def _evidence(self, evidence: source.Evidence, path: Path) -> dict[str, Any]:
        return {
            "capability": evidence.capability,
            "level": evidence.level,
            "practice_activities": self._items(evidence.practice_activities, (*path, "practice")),
            "portfolio_activities": self._items(evidence.portfolio_activities, (*path, "portfolio")),
            "when": evidence.when,
        }

    def _items(self, values: Iterable[Any], path: Path) -> Raw:
        return [
            {"type": "item", "value": value, "id": self._id((*path, "item", number))}
            for number, value in enumerate(values)
        ]

    def _html(self, text: str, path: Path) -> str:
        try:
            return html_from(text)
        except ValueError as fault:
            self._fault(str(fault), path)
            return ""

    def _fault(self, what: str, path: Path) -> None:
        self.faults.append(Fault(self.file, what, self.path + path))

    def _id(self, path: Path) -> str:
        return str(uuid5(self.seed, "/".join(str(part) for part in path)))
