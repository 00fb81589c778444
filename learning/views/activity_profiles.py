"""The Activity Profile Resource (Communication 2.7)."""

from ..models import Credential
from ..xapi.documents import ACTIVITY_PROFILE
from .documents import document_resource

activity_profiles = document_resource(ACTIVITY_PROFILE, Credential.Scope.PROFILE)
