from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from workforce.models import User

from ..models import PracticeFile
from .kinds import MEDIA_TYPES
from .queries import pieces, readable_file


@login_required
def practice_file(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """A file, to be saved and never shown in the page. Whoever may not read it cannot tell whether it exists."""
    file = readable_file(cast(User, request.user), uuid)
    if file is None:
        raise Http404
    response = StreamingHttpResponse(pieces(file), content_type=MEDIA_TYPES[PracticeFile.Kind(file.kind)])
    response["Content-Length"] = str(file.length)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
