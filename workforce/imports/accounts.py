"""Which account is which person on a staff list. One person has one account, whoever employs them."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import EmailField, Exists, OuterRef, QuerySet

from workforce.imports.bulk import any_of
from workforce.imports.faults import Fault, Refused
from workforce.imports.staff_rows import Person
from workforce.models import Membership, Organisation, Post, User

ACCOUNT_FIELDS = frozenset({"name", "email", "first_nhs_day"})


@dataclass(slots=True)
class Match:
    """A person on the list (None: not on it), with their account and membership, stored or about to be.

    `before` holds what was stored of each value that the list changes.
    """

    person: Person | None
    user: User
    membership: Membership
    is_linked: bool = False
    before: dict[str, str | date | None] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return bool(self.before.keys() & ACCOUNT_FIELDS)

    @property
    def is_renumbered(self) -> bool:
        return "staff_number" in self.before

    def change(self, name: str, value: str | date | None) -> None:
        """Give the account, or the membership its staff number, another value than the one that is stored."""
        self.before[name] = self.value(name)
        setattr(self._owner(name), name, value)

    def value(self, name: str) -> str | date | None:
        found: str | date | None = getattr(self._owner(name), name)
        return found

    def _owner(self, name: str) -> User | Membership:
        return self.user if name in ACCOUNT_FIELDS else self.membership

    def start_earlier(self, first_nhs_day: date | None) -> None:
        """Nobody's clock is ever restarted: of two first days in NHS-funded care the earlier one counts."""
        known = self.user.first_nhs_day
        if first_nhs_day is not None and (known is None or first_nhs_day < known):
            self.change("first_nhs_day", first_nhs_day)


def match_accounts(organisation: Organisation, people: list[Person], *, everyone: bool) -> list[Match]:
    """Find everybody's account: by staff number here, else by e-mail anywhere, else a new one.

    With `everyone`, also those of the organisation's staff who are not on the list. Lay people without a staff
    number are never on a staff list, so it says nothing about them. Raises `Refused`.
    """
    matcher = _Matcher(organisation, people)
    matches = [matcher.match(person) for person in people]
    if matcher.faults:
        raise Refused(matcher.faults)
    if everyone:
        listed = {match.membership.pk for match in matches}
        others = (each for each in matcher.by_number.values() if each.pk not in listed)
        matches.extend(Match(None, each.user, each) for each in others)
    return matches


def relied_on_elsewhere(organisation: Organisation) -> QuerySet[Membership]:
    """Memberships of other organisations. One whose every post was a mistake binds nobody."""
    posts = Post.objects.filter(membership=OuterRef("pk"))
    binding = Exists(posts.filter(superseded_at=None)) | ~Exists(posts)
    return Membership.objects.exclude(organisation=organisation).filter(binding)


class _Matcher:
    def __init__(self, organisation: Organisation, people: list[Person]) -> None:
        self.organisation = organisation
        self.faults: list[Fault] = []
        here = list(Membership.objects.filter(organisation=organisation).select_related("user"))
        self.by_number = {each.staff_number: each for each in here if each.staff_number}
        self.by_user = {each.user_id: each for each in here}
        self.listed = {person.staff_number for person in people}
        addresses = [person.email for person in people if person.email]
        self.by_email = {
            user.email: user for user in User.objects.filter(any_of("email", addresses, EmailField()))
        }
        shared = relied_on_elsewhere(organisation).filter(user__memberships__organisation=organisation)
        self.shared = set(shared.values_list("user_id", flat=True))

    def match(self, person: Person) -> Match:
        membership = self.by_number.get(person.staff_number)
        if membership is not None:
            return self._known_here(person, membership)
        user = self.by_email.get(person.email) if person.email else None
        if user is None:
            return self._new(person)
        if user.pk in self.by_user:
            return self._new_number(person, self.by_user[user.pk])
        membership = Membership(user=user, organisation=self.organisation, staff_number=person.staff_number)
        match = Match(person, user, membership, is_linked=True)
        match.start_earlier(person.first_nhs_day)
        return match

    def _new(self, person: Person) -> Match:
        user = User(name=person.name, email=person.email, first_nhs_day=person.first_nhs_day)
        return Match(
            person,
            user,
            Membership(user=user, organisation=self.organisation, staff_number=person.staff_number),
        )

    def _new_number(self, person: Person, membership: Membership) -> Match:
        """The account is here already: its number is new, unless the list names the old number as well."""
        if membership.staff_number in self.listed:
            problem = "This address belongs to somebody here who has another staff number on this list."
            self._fault(person, problem, "Correct the staff number or the address.")
        match = self._known_here(person, membership)
        match.change("staff_number", person.staff_number)
        return match

    def _known_here(self, person: Person, membership: Membership) -> Match:
        user = membership.user
        match = Match(person, user, membership)
        match.start_earlier(person.first_nhs_day)
        if person.email and person.email != user.email:
            self._check_new_address(person, user)
            match.change("email", person.email)
        if person.name != user.name and user.pk not in self.shared:
            match.change("name", person.name)
        return match

    def _check_new_address(self, person: Person, user: User) -> None:
        """Whoever receives an account's mail can take it over, so a list may not point it elsewhere at will."""
        if person.email in self.by_email:
            problem = "Another account has this address, so it and the staff number are two people."
            self._fault(person, problem, "Correct the address or the staff number.")
        elif user.email and (user.pk in self.shared or user.is_staff or user.is_superuser):
            problem = "The account has another address, and more than this organisation relies on it."
            self._fault(person, problem, "Ask the person to change it, or send the address on record.")

    def _fault(self, person: Person, problem: str, remedy: str) -> None:
        self.faults.append(Fault(person.row, "email", problem, remedy))
