from .about import about
from .oauth import token
from .statements import statements

__all__ = ["about", "statements", "token"]
