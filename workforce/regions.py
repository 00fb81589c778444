"""NHS England regions by their Organisation Data Service code."""

REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}


def region_name(code: str) -> str:
    """The region's name, or the code itself where we do not know it."""
    return REGIONS.get(code, code)
