"""Settings, read from the environment. Defaults suit `make run`; `delphi_platform.checks` guards production."""

import sys
from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from foundation.broker.worker import broker_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# Embedded: one machine, started by `make run`, no certificate. A server sets EMBEDDED=0 and its own key.
EMBEDDED = env.bool("EMBEDDED", default=True)
INSECURE_KEY = "insecure-key-of-the-embedded-default-not-for-servers"


def _secret_key() -> str:
    """The configured key, or one drawn once and kept beside the embedded database."""
    if configured := env.str("SECRET_KEY", default=""):
        return configured
    if TESTING or not EMBEDDED:
        return INSECURE_KEY
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        from django.core.management.utils import get_random_secret_key

        VAR_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key(), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "foundation",
    "experts",
    "surveys",
    "consensus",
    "scanning",
    "delphi_platform",
]

MIDDLEWARE = [
    "delphi_platform.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.compression.CompressionMiddleware",  # after the files, which are packed already
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "delphi_platform.urls"
WSGI_APPLICATION = "delphi_platform.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "delphi_platform.navigation.main_nav",
            ],
            "builtins": ["foundation.templatetags.icons"],
        },
    }
]
FORM_RENDERER = "delphi_platform.rendering.PlatformRenderer"

# --- Database -------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'delphi.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without these options 165 of 400 concurrent writes failed; with them none did.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # FULL: with NORMAL a power cut takes commits back that were answered with "saved".
        "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={'NORMAL' if TESTING else 'FULL'};"
        "PRAGMA busy_timeout=20000;",
    }
    if not TESTING:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening SQLite's file for each request cost a third of a save's processor time, and closing it a sync. Tests that
# change how a connection behaves (a full disk) need new ones.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0 if TESTING else 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, queue ---------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
elif TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:  # shared by all processes, so that rate limits count once
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}
    }

# What pages are drawn of, by content: each process keeps its own.
CACHES["drawn"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "drawn",
    "TIMEOUT": 3600,
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}

# Without Redis the queue is one SQLite file of its own, so that polling never waits for a write to the database.
QUEUE_FILE = Path(env.str("QUEUE_FILE", default=str(VAR_DIR / "queue.sqlite3")))
BROKER_URL = env.str("BROKER_URL", default=REDIS_URL or "delphisql://localhost")
vars().update(
    {
        f"CELERY_{name.upper()}": value
        for name, value in broker_settings(BROKER_URL, queue_file=QUEUE_FILE).items()
    }
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    # A message that waited longer than its period is of no use: the next one does the same.
    "reap-jobs": {"task": "foundation.tasks.reap_jobs", "schedule": 15.0, "options": {"expires": 15}},
    "open-and-close-rounds": {
        "task": "surveys.tasks.open_and_close_rounds",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "request-computations": {
        "task": "consensus.tasks.request_computations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "remove-expired-exports": {"task": "consensus.tasks.remove_expired_exports", "schedule": 3600.0},
    "run-due-monitors": {
        "task": "scanning.tasks.run_due_monitors",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "send-queued-mail": {
        "task": "foundation.tasks.send_queued_mail",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TIMEZONE = "UTC"

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "experts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="optional")
ACCOUNT_ADAPTER = "experts.account_adapter.AccountAdapter"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

INVITATION_DAYS = env.int("INVITATION_DAYS", default=180)
OPEN_REGISTRATION = env.bool("OPEN_REGISTRATION", default=False)
# How many proxies in front of us append to X-Forwarded-For; rate limits count by the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Mail -----------------------------------------------------------------------------------------
# Every mail is a row first (foundation.OutboxMail); EMAIL_URL says how rows leave: console by default.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Delphi Platform <delphi@localhost>")
OUTBOX_PAGE = env.bool("OUTBOX_PAGE", default=EMBEDDED)

# --- Languages ------------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["delphi_platform.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "delphi_platform.staticfinders.PlotlyFinder",
]
_static_backend = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("MEDIA_ROOT", default=str(VAR_DIR / "files"))},
    },
    "staticfiles": {"BACKEND": _static_backend},
}
# Without a gathered folder (tests, development) files are served from where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
# Uploads are never served by URL: exports and corpora go through views that check who asks.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a table of answers, or a choice among two thousand technologies
# Newest runs of each monitor that keep the passages behind candidates nobody put on the board; 0 keeps all.
MONITOR_RUNS_KEPT = env.int("MONITOR_RUNS_KEPT", default=30)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=2 * 1024**3)
# What one corpus file may ask of this machine; names and defaults in scanning.formats.limits.
SCANNING_LIMITS = {name: int(value) for name, value in env.dict("SCANNING_LIMITS", default={}).items()}

# --- Language model (optional) -------------------------------------------------------------------
# Any server that speaks the OpenAI API. Nothing is sent to a host that is not named here.
LLM_BASE_URL = env.str("LLM_BASE_URL", default="")
LLM_API_KEY = env.str("LLM_API_KEY", default="")
LLM_MODEL = env.str("LLM_MODEL", default="")
LLM_ALLOWED_HOSTS = env.list("LLM_ALLOWED_HOSTS", default=[])
# host:port of servers in private networks; only these may speak without encryption.
LLM_PRIVATE_HOSTS = env.list("LLM_PRIVATE_HOSTS", default=[])
LLM_CA_FILE = env.str("LLM_CA_FILE", default="")
LLM_LIMITS = {
    "timeout": env.float("LLM_TIMEOUT", default=60.0),
    "max_output_tokens": env.int("LLM_MAX_OUTPUT_TOKENS", default=8000),
    "batch": env.int("LLM_BATCH", default=25),
    "per_minute": env.int("LLM_PER_MINUTE", default=20),
    "day_tokens": env.int("LLM_DAY_TOKENS", default=2_000_000),
    "study_tokens": env.int("LLM_STUDY_TOKENS", default=1_000_000),
    "day_cost": Decimal(env.str("LLM_DAY_COST", default="0")),
    "study_cost": Decimal(env.str("LLM_STUDY_COST", default="0")),
    "price_in": Decimal(env.str("LLM_PRICE_IN", default="0")),
    "price_out": Decimal(env.str("LLM_PRICE_OUT", default="0")),
}

# --- Security -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.bool("HTTPS", default=not EMBEDDED)
SESSION_ENGINE = "foundation.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if HTTPS else 0)
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["delphi_platform.api.parsers.ShallowJSONParser"],
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "delphi_platform.api.errors.answer_for",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Delphi Platform API",
    "DESCRIPTION": "Studies, technologies, rounds and results; answers with an expert's token.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"hide_tokens": {"()": "foundation.logs.HideTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_tokens"]}
    },
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO"),
    },
}
