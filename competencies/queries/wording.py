from collections.abc import Collection

from ..models import Edition, EditionCapability


def capability_names(codes: Collection[str]) -> dict[str, str]:
    """Capability code → name, as the newest edition words it."""
    wordings = EditionCapability.objects.filter(
        capability__code__in=codes, edition__state__in=Edition.ISSUED
    ).order_by("edition__dated", "edition__version")
    return dict(wordings.values_list("capability__code", "name"))


def wording(code: str) -> EditionCapability | None:
    """A capability as the newest published edition words it, with the levels of that edition."""
    return (
        EditionCapability.objects.filter(capability__code=code, edition__state__in=Edition.ISSUED)
        .select_related("capability", "domain")
        .prefetch_related("edition__levels")
        .order_by("edition__dated", "edition__version")
        .last()
    )
