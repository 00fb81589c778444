from .about import about
from .statements import statements

__all__ = ["about", "statements"]
