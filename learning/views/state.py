"""The State Resource (Communication 2.3)."""

from ..models import Credential
from ..xapi.documents import STATE
from .documents import document_resource

state = document_resource(STATE, Credential.Scope.STATE)
