from .attempts import choose, finish_module_gates, finish_reading, start_attempt, walk
from .checks import (
    answer_question,
    answer_questions,
    finish_review,
    open_try,
    submit_try,
    talk_through,
    walk_review,
)
from .conversation import prepare_conversation
from .freezing import freeze_module
from .importing import import_curriculum
from .practice import (
    attach_to_practice,
    erase_practice,
    remove_from_practice,
    save_draft,
    submit_practice,
    take_back_practice,
)
from .prior_learning import PriorLearning, accept_prior_learning
from .reflection import delete_reflection, write_reflection

__all__ = [
    "PriorLearning",
    "accept_prior_learning",
    "answer_question",
    "answer_questions",
    "attach_to_practice",
    "choose",
    "delete_reflection",
    "erase_practice",
    "finish_module_gates",
    "finish_reading",
    "finish_review",
    "freeze_module",
    "import_curriculum",
    "open_try",
    "prepare_conversation",
    "remove_from_practice",
    "save_draft",
    "start_attempt",
    "submit_practice",
    "submit_try",
    "take_back_practice",
    "talk_through",
    "walk",
    "walk_review",
    "write_reflection",
]
