from .grants import Grant, GrantEnding
from .imports import ListedChange, StaffImport, StaffImportUndoing, StaffUpload
from .organisations import Organisation, Succession, Team, TeamPlace
from .people import User
from .posts import Absence, Membership, Overlay, Post, Tier
from .seats import Committee, Seat

__all__ = [
    "Absence",
    "Committee",
    "Grant",
    "GrantEnding",
    "ListedChange",
    "Membership",
    "Organisation",
    "Overlay",
    "Post",
    "Seat",
    "StaffImport",
    "StaffImportUndoing",
    "StaffUpload",
    "Succession",
    "Team",
    "TeamPlace",
    "Tier",
    "User",
]
