import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class RegistrationBody(models.TextChoices):
    """Registers of health and care professionals; the value in capitals is its short name."""

    GDC = "gdc", "General Dental Council (GDC)"
    GMC = "gmc", "General Medical Council (GMC)"
    GOC = "goc", "General Optical Council (GOC)"
    GPHC = "gphc", "General Pharmaceutical Council (GPhC)"
    HCPC = "hcpc", "Health and Care Professions Council (HCPC)"
    NMC = "nmc", "Nursing and Midwifery Council (NMC)"
    SWE = "swe", "Social Work England (SWE)"


# How a number of each register looks. It says nothing about whether the number is somebody's.
REGISTRATION_SHAPES = {
    RegistrationBody.GDC: r"^[0-9]{4,6}$",
    RegistrationBody.GMC: r"^[0-9]{7}$",
    RegistrationBody.GOC: r"^(01|D|SO|SD)-?[0-9]{4,6}$",
    RegistrationBody.GPHC: r"^[0-9]{7}$",
    RegistrationBody.HCPC: r"^[A-Z]{2,3}[0-9]{4,6}$",
    RegistrationBody.NMC: r"^[0-9]{2}[A-L][0-9]{4}[A-Z]$",
    RegistrationBody.SWE: r"^SW[0-9]{1,6}$",
}


def _registrations() -> models.Q:
    allowed = models.Q(registration_body="", registration_number="")
    for body, shape in REGISTRATION_SHAPES.items():
        allowed |= models.Q(registration_body=body.value, registration_number__regex=shape)
    return allowed


class User(AbstractBaseUser, PermissionsMixin):
    """An account. A person without an e-mail address can be on the record but cannot sign in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    first_nhs_day = models.DateField(
        null=True,
        blank=True,
        help_text="First day of the first post in NHS-funded care, where no post here goes back so far.",
    )
    registration_body = models.CharField(max_length=10, blank=True, choices=RegistrationBody)
    registration_number = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the administration site.")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="user_email_lower_case",
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                violation_error_message="Write the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                name="user_registration_has_its_shape",
                condition=_registrations(),
                violation_error_message="That is not how a number of this register looks. Check it and try again.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def registration(self) -> str:
        """Such as “NMC 12A3456E”; empty for who is on no register or has not entered it."""
        return f"{self.registration_body.upper()} {self.registration_number}".strip()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
