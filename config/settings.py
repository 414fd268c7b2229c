"""All settings, read once from the environment.

Without ``DATABASE_URL`` and ``REDIS_URL`` Bantam runs embedded: SQLite in ``data/``, Celery in
memory. With them it runs on PostgreSQL and Redis. A value that can't be read stops the start.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR: Path = (BASE_DIR / env.str("BANTAM_DATA_DIR", default="data")).resolve()
DEBUG = env.bool("BANTAM_DEBUG", default=False)
EMBEDDED = not env.str("REDIS_URL", default="")


def _secret_key() -> str:
    """The key from the environment, or (embedded only) one made once and kept in ``data/``."""
    if key := env.str("BANTAM_SECRET_KEY", default=""):
        return str(key)
    if not EMBEDDED:
        raise ImproperlyConfigured("Set BANTAM_SECRET_KEY to a long random text.")
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # the company's leads are nobody else's
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BANTAM_URL", default=f"http://127.0.0.1:{PORT}")
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    urlsplit(BASE_URL).hostname or "",
    *env.list("BANTAM_HOSTS", default=[]),
]
CSRF_TRUSTED_ORIGINS = env.list("BANTAM_ORIGINS", default=[])

HANDOFF_CAPACITY = env.int("BANTAM_CAPACITY", default=25)  # undecided leads a rep is given at most
WEBHOOKS_TO_LOOPBACK = env.bool("BANTAM_WEBHOOKS_TO_LOOPBACK", default=False)  # for trying them out only
COOL_OFF_DAYS = env.int("BANTAM_COOL_OFF_DAYS", default=30)  # a rejected lead rests so long
WAKE_POINTS = env.int("BANTAM_WAKE_POINTS", default=20)  # so many more points end a lead's rest early

INSTALLED_APPS = [
    "config",
    "core",
    "users",
    "leads",
    "alignment",
    "scoring",
    "feedback",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.NotKeptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "users.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.bodies.BodyLimitMiddleware",  # before any view hook, and CSRF's is the first that reads the body
    "users.middleware.ViewerZoneMiddleware",
    "axes.middleware.AxesMiddleware",
    "core.toasts.ToastsMiddleware",
    "core.middleware.ApplicationErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.navigation.frame",
                "users.context.company",
            ]
        },
    }
]

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA busy_timeout=20000;PRAGMA cache_size=-64000;"
    ),
}


def _database() -> dict[str, Any]:
    if not env.str("DATABASE_URL", default=""):
        name = str(DATA_DIR / "bantam.sqlite3")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": SQLITE_OPTIONS}
    database: dict[str, Any] = env.db_url("DATABASE_URL")
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = SQLITE_OPTIONS
    elif database["ENGINE"].endswith("postgresql"):
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL or SQLite database.")
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL := env.str("REDIS_URL", default=""):
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "visibility_timeout": 900,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 0.2,
    }
    if REDIS_URL
    else {"polling_interval": 0.02}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SYNC_EVERY = 1  # the health check of beat looks at how old its file is
WATCHES_PULSE = True  # pages say so when the background work stands still
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "core.tasks.note_pulse": {"task": "core.tasks.note_pulse", "schedule": 20.0, "options": {"expires": 20}},
    "core.tasks.send_outbox": {"task": "core.tasks.send_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "alignment.tasks.expire": {
        "task": "alignment.tasks.expire",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "leads.tasks.resume_imports": {"task": "leads.tasks.resume_imports", "schedule": 60.0},
    "leads.tasks.run_fields": {
        "task": "leads.tasks.run_fields",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "feedback.tasks.open_wanted": {
        "task": "feedback.tasks.open_wanted",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "feedback.tasks.sweep": {"task": "feedback.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "feedback.tasks.compare_all": {
        "task": "feedback.tasks.compare_all",
        "schedule": crontab(hour=2, minute=17),
    },
    "feedback.tasks.keep_weeks": {
        "task": "feedback.tasks.keep_weeks",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "feedback.tasks.send_week": {
        "task": "feedback.tasks.send_week",
        "schedule": crontab(minute=11),
        "options": {"expires": 3000},
    },
    "scoring.tasks.judge": {"task": "scoring.tasks.judge", "schedule": 3.0, "options": {"expires": 3}},
    "scoring.tasks.activate": {
        "task": "scoring.tasks.activate",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "scoring.tasks.build": {"task": "scoring.tasks.build", "schedule": 10.0, "options": {"expires": 10}},
    "scoring.tasks.end_overrides": {
        "task": "scoring.tasks.end_overrides",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "scoring.tasks.resume_previews": {
        "task": "scoring.tasks.resume_previews",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "scoring.tasks.refresh": {"task": "scoring.tasks.refresh", "schedule": crontab(minute=3)},
    "scoring.tasks.count_grades": {
        "task": "scoring.tasks.count_grades",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "scoring.tasks.prune": {"task": "scoring.tasks.prune", "schedule": crontab(minute=33)},
    "core.tasks.prune_idempotent_requests": {
        "task": "core.tasks.prune_idempotent_requests",
        "schedule": crontab(minute=27),
    },
    "users.tasks.tidy": {"task": "users.tasks.tidy", "schedule": crontab(hour=3, minute=7)},
}

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "users:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "users:sign_in"
PASSWORD_RESET_TIMEOUT = 24 * 3600
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when to try again, and that holds
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "users.views.entry.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "users.networks.client_ip"
PROXIES = env.int("BANTAM_PROXIES", default=0)
KNOX_TOKEN_MODEL = "users.ApiToken"  # noqa: S105 - names a table
MIGRATION_MODULES = {"knox": None}  # its own table is replaced by ours
REST_KNOX = {"TOKEN_PREFIX": "bantam_", "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(days=90)}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("BANTAM_STATIC_DIR", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler", BASE_DIR / "node_modules/@tabler/core/dist"),
    ("vendor/chart.js", BASE_DIR / "node_modules/chart.js/dist"),
]
WHITENOISE_USE_FINDERS = EMBEDDED
MEDIA_ROOT = DATA_DIR / "media"

EMAIL = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("BANTAM_FROM", default="Bantam <bantam@localhost>")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("BANTAM_LOG_LEVEL", default="WARNING")},
}

HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# A condition has up to 200 parts with several inputs each, and lists of choices are one field a choice.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": ["core.api.parsing.StrictJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.parsing.OneFormat",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"api": env.str("BANTAM_API_RATE", default="600/min")},
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bantam API",
    "DESCRIPTION": "Leads in, grades out, and what sales made of them. Guide: docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "core.api.description.with_errors",
    ],
}
