"""Background work of the record."""

from celery import shared_task
from django.utils import timezone

from .actions.forwarding import forward
from .queries.forwarding import due_forwarders


@shared_task
def forward_due() -> None:
    """Set out for every forwarder that is due. What a killed worker left behind becomes due again by itself."""
    for pk in due_forwarders(timezone.now()).values_list("pk", flat=True):
        forward_statements.delay(pk)


@shared_task
def forward_statements(forwarder_id: int) -> None:
    if forward(forwarder_id=forwarder_id):
        forward_statements.delay(forwarder_id)
