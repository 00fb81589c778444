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
from .portfolio import put_portfolio_to_one, put_portfolio_to_panel
from .practice import (
    attach_to_practice,
    erase_practice,
    remove_from_practice,
    save_draft,
    submit_practice,
    take_back_practice,
)
from .prior_learning import (
    Learned,
    PriorLearning,
    accept_prior_learning,
    ask_for_prior_learning,
    decline_prior_learning,
    erase_prior_learning,
    grant_prior_learning,
    undo_prior_learning,
    withdraw_prior_learning,
)
from .reflection import delete_reflection, write_reflection
from .renewing import start_renewal

__all__ = [
    "Learned",
    "PriorLearning",
    "accept_prior_learning",
    "answer_question",
    "answer_questions",
    "ask_for_prior_learning",
    "attach_to_practice",
    "choose",
    "decline_prior_learning",
    "delete_reflection",
    "erase_practice",
    "erase_prior_learning",
    "finish_module_gates",
    "finish_reading",
    "finish_review",
    "freeze_module",
    "grant_prior_learning",
    "import_curriculum",
    "open_try",
    "prepare_conversation",
    "put_portfolio_to_one",
    "put_portfolio_to_panel",
    "remove_from_practice",
    "save_draft",
    "start_attempt",
    "start_renewal",
    "submit_practice",
    "submit_try",
    "take_back_practice",
    "talk_through",
    "undo_prior_learning",
    "walk",
    "walk_review",
    "withdraw_prior_learning",
    "write_reflection",
]
