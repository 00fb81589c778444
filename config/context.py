"""What every page needs to know about the service that serves it."""

from django.conf import settings
from django.http import HttpRequest


def service(request: HttpRequest) -> dict[str, object]:
    return {
        "service_name": settings.SERVICE_NAME,
        "service_contact": settings.SERVICE_CONTACT,
        "service_logo": settings.SERVICE_LOGO,
        "nhs_logo": settings.NHS_LOGO,
        "demonstration": settings.DEMONSTRATION,
    }
