from .grants import Grant, GrantEnding
from .imports import ListedChange, StaffImport, StaffImportUndoing, StaffUpload
from .notices import Notice, NoticeChoice
from .organisations import Organisation, Succession, Team, TeamPlace
from .people import RegistrationBody, User
from .posts import Absence, Membership, Overlay, Post, Tier
from .seats import Committee, Seat

__all__ = [
    "Absence",
    "Committee",
    "Grant",
    "GrantEnding",
    "ListedChange",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Organisation",
    "Overlay",
    "Post",
    "RegistrationBody",
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
