"""A bank of questions, from which a check draws two for each outcome."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from .body import TextBlock

PER_OUTCOME = 2


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=300)
    correct = blocks.BooleanBlock(required=False, label="This is the right answer")
    feedback = TextBlock()

    class Meta:
        icon = "radio-full"


class QuestionBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=50)
    outcome = blocks.CharBlock(max_length=50, label="Key of the outcome")
    stem = TextBlock(label="Question")
    options = blocks.ListBlock(OptionBlock(), min_num=2)

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        right = sum(1 for option in cleaned["options"] if option["correct"])
        if right != 1 and not self.is_deferred_validation:
            message = f"Mark exactly one answer as right. Now {right} are."
            raise blocks.StructBlockValidationError({"options": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "help"
        template = "curriculum/blocks/question.html"


class QuestionsBlock(blocks.StreamBlock):
    question = QuestionBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        faults = [] if self.is_deferred_validation else bank_faults([child.value for child in cleaned])
        if faults:
            raise blocks.StreamBlockValidationError(
                non_block_errors=[ValidationError(fault) for fault in faults]
            )
        return cleaned

    class Meta:
        required = False


def bank_faults(questions: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a bank as a whole, in words for an editor."""
    keys: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for question in questions:
        keys[question["key"]] += 1
        outcomes[question["outcome"]] += 1
    faults = [
        f"{n} questions have the key “{key}”. Give each a key of its own." for key, n in keys.items() if n > 1
    ]
    faults += [
        f"Outcome “{outcome}” has {n} question. Write at least {PER_OUTCOME}, because a check draws {PER_OUTCOME}."
        for outcome, n in outcomes.items()
        if n < PER_OUTCOME
    ]
    return faults
