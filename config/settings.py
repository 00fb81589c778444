"""All settings, read from the environment; each has a default that suits a newcomer's machine.

`HTTPS=1` is the switch to production: it asks for a SECRET_KEY and turns on secure cookies and HSTS.
docs/operations.md lists every variable.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.local.places import ROOT, VAR, own_secret_key, socket_folder

BASE_DIR = ROOT

DEBUG = environment.switch("DEBUG")
HTTPS = environment.switch("HTTPS")
PUBLIC_URL = environment.text("PUBLIC_URL", "http://127.0.0.1:8000")

SECRET_KEY = environment.text("SECRET_KEY")
if HTTPS and not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: with HTTPS on, every machine must share one that you chose.")
SECRET_KEY = SECRET_KEY or own_secret_key()
# What SECRET_KEY was before: sessions, secrets and tokens made with it stay good.
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])

# The service's own words and marks. The NHS logo appears only where an NHS body switches it on;
# SERVICE_LOGO is the address of another logo.
SERVICE_NAME = environment.text("SERVICE_NAME", "Promise to Learn")
SERVICE_CONTACT = environment.text("SERVICE_CONTACT", "help@promise-to-learn.example")
SERVICE_LOGO = environment.text("SERVICE_LOGO")
NHS_LOGO = environment.switch("NHS_LOGO")
DEMONSTRATION = environment.switch("DEMONSTRATION")

# Identifiers minted here never change, whatever host or port serves the site.
IRI_BASE = environment.iri_base("IRI_BASE", "https://id.promise-to-learn.example/")

INSTALLED_APPS = [
    "config",
    "fellowships",
    "curriculum",
    "competencies",
    "learning",
    "workforce",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.straight_to_the_record",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentPolicy",
    "config.middleware.answers_for_programs",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.private_when_signed_in",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

RECORD_PATH = "/xapi/"
API_PATH = "/api/"

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "csp.context_processors.nonce",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.service",
                "config.navigation.navigation",
            ]
        },
    }
]

# No DATABASE_URL means the embedded PostgreSQL, reached through its socket folder.
_EMBEDDED: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "promise",
    "USER": "postgres",
    "HOST": str(socket_folder()),
    "PORT": "5432",
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environment.database("DATABASE_URL", _EMBEDDED),
        "CONN_MAX_AGE": environment.number("DATABASE_CONNECTION_SECONDS", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}
# A prepared query is planned once, not for each of its values (learning/prepared.py); and compiling a plan costs more
# than it saves on queries of a few thousandths of a second.
_SESSION = "-c plan_cache_mode=force_generic_plan -c jit=off"
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = f"{_SESSION} {_options.get('options', '')}".rstrip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache("CACHE_URL", "locmemcache://")}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "assets" / "built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = environment.text("MEDIA_ROOT", str(VAR / "media"))
MEDIA_URL = "/media/"

# Who may come in, and for how long.
AUTH_USER_MODEL = "workforce.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "landing"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(minutes=environment.number("SESSION_MINUTES", 12 * 60)).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Set this where a proxy ends TLS, and only where it always overwrites the header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.switch("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows its preview in a frame

# Pages of the site run no inline script or style; the editing screens of Wagtail and Django need some.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
    }
}
EDITING_PATHS = ("/cms/", "/admin/")
EDITING_POLICY = {
    "default-src": [SELF],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}

# After so many days without an answer, people may move their practice to somebody else.
PRACTICE_SILENCE_DAYS = environment.number("PRACTICE_SILENCE_DAYS", 14)

# Where files for and from the Electronic Staff Record go and come; none: nothing is exchanged by itself.
ESR_FOLDER = environment.text("ESR_FOLDER")
# The most that one person may confirm in 7 days, so that each is read with care; 0 is no limit.
VERIFICATIONS_A_WEEK = environment.number("VERIFICATIONS_A_WEEK", 10)
# Of 100 confirmations, so many get a second reader. Who keeps the seed can tell again which ones and why.
SECOND_READER_SHARE = environment.number("SECOND_READER_SHARE", 2)
SECOND_READER_SEED = environment.text("SECOND_READER_SEED", SECRET_KEY)

# How long another system may use the record with one bearer token before it asks for the next.
XAPI_TOKEN_SECONDS = environment.number("XAPI_TOKEN_SECONDS", 60 * 60)

# Whether statements may be sent on to an address without HTTPS. Only for trying it out on one machine.
FORWARDING_UNENCRYPTED = environment.switch("FORWARDING_UNENCRYPTED", DEBUG)

WAGTAIL_SITE_NAME = SERVICE_NAME
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_LOGIN_URL = "sign-in"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"

vars().update(environment.email("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SERVICE_CONTACT

# Without CELERY_BROKER_URL the queue is a folder, which every process on this machine can reach.
QUEUE = VAR / "queue"
CELERY_BROKER_URL = environment.broker("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    QUEUE.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE),
        "data_folder_out": str(QUEUE),
        "control_folder": str(QUEUE / "control"),
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = environment.number("TASK_SECONDS", 30 * 60)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "forward-statements": {"task": "learning.tasks.forward_due", "schedule": timedelta(minutes=1)},
    "forget-staff-uploads": {"task": "workforce.tasks.forget_staff_uploads", "schedule": timedelta(hours=6)},
    "forget-uploads-from-esr": {
        "task": "competencies.tasks.forget_uploads_from_esr",
        "schedule": timedelta(hours=6),
    },
    # As for renewals below: what went out or was taken in already is not done twice.
    "exchange-with-esr": {
        "task": "competencies.tasks.exchange_with_esr",
        "schedule": crontab(minute=45, hour="2-5"),
    },
    "forget-ended-sessions": {"task": "config.tasks.forget_ended_sessions", "schedule": timedelta(hours=6)},
    "follow-plans": {"task": "competencies.tasks.follow_plans", "schedule": crontab(minute=5, hour="1-3")},
    "state-plans": {"task": "competencies.tasks.tell_the_record_of_plans", "schedule": timedelta(minutes=5)},
    # It compares everybody's evidence with their history, so not every few minutes.
    "tell-what-became-of-capabilities": {
        "task": "competencies.tasks.tell_what_became_of_capabilities",
        "schedule": crontab(minute=20),
    },
    "tell-of-practice": {
        "task": "curriculum.tasks.tell_of_practice",
        "schedule": crontab(minute=5, hour="7-19"),
    },
    # Four times a morning: the first does it all, the others only what a worker that was killed left undone.
    "remind-of-renewals": {
        "task": "curriculum.tasks.remind_of_renewals",
        "schedule": crontab(minute=15, hour="5-8"),
    },
}

LOG_LEVEL = environment.log_level("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False}},
}
