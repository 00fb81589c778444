"""The columns of a file for or from ESR, in order, and how cells are kept from running as formulas."""

from ..coverage.exports import FORMULA_STARTS

EMPLOYEE = "Employee Number"
COMPETENCE = "Competency Name"
PROFICIENCY = "Proficiency Level"
TITLE = "Title"
START = "Date Start"
AWARDED = "Date Last Awarded"
EXPIRY = "Expiry Date"
UPDATED_BY = "Last Updated By"
VPD = "VPD"
STATUS = "Compliance Status"

COLUMNS = (EMPLOYEE, COMPETENCE, PROFICIENCY, TITLE, START, AWARDED, EXPIRY, UPDATED_BY, VPD, STATUS)
NEEDED = (EMPLOYEE, COMPETENCE, AWARDED, EXPIRY)


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
