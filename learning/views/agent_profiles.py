"""The Agent Profile Resource (Communication 2.6)."""

from ..models import Credential
from ..xapi.documents import AGENT_PROFILE
from .documents import document_resource

agent_profiles = document_resource(AGENT_PROFILE, Credential.Scope.PROFILE)
