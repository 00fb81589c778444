"""Credentials and forwarding are kept here; statements are looked at and never changed."""

from .credentials import CredentialAdmin
from .forwarding import DeliveryAdmin, ForwarderAdmin
from .statements import StatementAdmin

__all__ = ["CredentialAdmin", "DeliveryAdmin", "ForwarderAdmin", "StatementAdmin"]
