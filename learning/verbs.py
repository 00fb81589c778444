"""Every verb this system says, each an IRI from the ADL vocabulary, cmi5 or the xAPI TLA profile."""

_ADL = "http://adlnet.gov/expapi/verbs/"
_CMI5 = "https://w3id.org/xapi/adl/verbs/"
_TLA = "https://w3id.org/xapi/tla/verbs/"

ANSWERED = _ADL + "answered"
ATTEMPTED = _ADL + "attempted"
COMPLETED = _ADL + "completed"
EXPERIENCED = _ADL + "experienced"
FAILED = _ADL + "failed"
INITIALIZED = _ADL + "initialized"
PASSED = _ADL + "passed"
REGISTERED = _ADL + "registered"
RESPONDED = _ADL + "responded"
TERMINATED = _ADL + "terminated"
VOIDED = _ADL + "voided"
WAIVED = _CMI5 + "waived"
# A person puts practice forward, and takes it back.
SUBMITTED = "http://activitystrea.ms/schema/1.0/submit"
RETRACTED = "http://activitystrea.ms/schema/1.0/retract"
# What a verifier answers: yes, or not yet.
VERIFIED = _TLA + "verified"
DECLINED = "http://activitystrea.ms/schema/1.0/deny"
# Capability awards, from the ADL learner competency profile.
ACHIEVED = _TLA + "achieved"
CONFERRED = _TLA + "conferred"
DESELECTED = _TLA + "deselected"
EXPIRED = _TLA + "expired"
PLANNED = _TLA + "planned"
REVOKED = _TLA + "revoked"
# What this system works out from the record. No evidence may rest on it.
OUTPUTS = (ACHIEVED, EXPIRED, REVOKED)

DISPLAY = {
    ACHIEVED: "achieved",
    ANSWERED: "answered",
    ATTEMPTED: "attempted",
    COMPLETED: "completed",
    CONFERRED: "conferred",
    DECLINED: "declined",
    DESELECTED: "deselected",
    EXPERIENCED: "experienced",
    EXPIRED: "expired",
    FAILED: "failed",
    INITIALIZED: "initialised",
    PASSED: "passed",
    PLANNED: "planned",
    REGISTERED: "registered",
    RESPONDED: "responded",
    RETRACTED: "withdrew",
    REVOKED: "revoked",
    SUBMITTED: "submitted",
    TERMINATED: "terminated",
    VERIFIED: "verified",
    VOIDED: "voided",
    WAIVED: "waived",
}


def verb(iri: str) -> dict[str, object]:
    """The verb of a statement, with its English name. KeyError for a verb this system does not say."""
    return {"id": iri, "display": {"en-GB": DISPLAY[iri]}}
