from .about import about
from .activities import activities
from .activity_profiles import activity_profiles
from .agent_profiles import agent_profiles
from .agents import agents
from .nowhere import nowhere
from .oauth import token
from .state import state
from .statements import statements

__all__ = [
    "about",
    "activities",
    "activity_profiles",
    "agent_profiles",
    "agents",
    "nowhere",
    "state",
    "statements",
    "token",
]
