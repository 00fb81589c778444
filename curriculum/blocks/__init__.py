from .body import BodyBlock
from .outline import EvidencesBlock, OutcomesBlock, PromptsBlock
from .questions import QuestionsBlock
from .scenes import ScenesBlock

__all__ = ["BodyBlock", "EvidencesBlock", "OutcomesBlock", "PromptsBlock", "QuestionsBlock", "ScenesBlock"]
