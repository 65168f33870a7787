"""All settings: the environment, with embedded defaults that work on a fresh machine."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
environ.Env.read_env(ROOT / ".env")

HOME = Path(env("VERNISSAGE_HOME", default=str(ROOT / "var"))).resolve()
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)

# --- who we are -------------------------------------------------------------------------------------------------
VERNISSAGE_HOME = HOME
VERNISSAGE_BASE_URL = env("VERNISSAGE_BASE_URL", default="http://127.0.0.1:8000")
_HOST = urlsplit(VERNISSAGE_BASE_URL).hostname or "127.0.0.1"
LOOPBACK = _HOST in {"127.0.0.1", "localhost", "::1"}
# On loopback the embedded defaults hold; anywhere else secrets must be given.
DEBUG = env.bool("VERNISSAGE_DEBUG", default=False)
EMBEDDED = env.bool("VERNISSAGE_EMBEDDED", default=LOOPBACK)


def _embedded_secret() -> str:
    """A secret made once for this folder: only for installations on loopback."""
    kept = HOME / "secret"
    if not kept.exists():
        descriptor = os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = env("VERNISSAGE_SECRET_KEY", default=_embedded_secret() if EMBEDDED else "")
SECRET_KEY_FALLBACKS = env.list("VERNISSAGE_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "VERNISSAGE_HOSTS", default=[_HOST, "127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [_HOST]
)
CSRF_TRUSTED_ORIGINS = [VERNISSAGE_BASE_URL]
# One-time links of `manage.py demo`: loopback only, a system check refuses them anywhere else.
VERNISSAGE_DEMO_LINKS = env.bool("VERNISSAGE_DEMO_LINKS", default=EMBEDDED)

# --- apps -------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "ninja",
    "portal.access.apps.AccessConfig",
    "portal.audit",
    "portal.happenings",
    "portal.events",
    "portal.api",
    "portal.storage",
    "artists.people",
    "portal.notices",
    "portal.appeals",
    "portal.program",
    "artists.agreements",
    "artists.invitations",
    "artists.tariff",
    "generation",
    "artists.consent",
    "artists.sharing",
    "artists.feedback",
    "artists.gatherings",
    "artists.compensation",
    "portal.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.web.viewing.ViewingMiddleware",
    "portal.web.middleware.PersonMiddleware",
    "portal.api.views.ApiFaultMiddleware",
    "portal.web.middleware.RefusedMiddleware",
    "portal.web.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

# --- templates --------------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "portal.access.templatetags.access",
                "portal.web.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.frame",
            ],
        },
    }
]
COTTON_DIR = "ui"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ---------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'vernissage.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE does on SQLite what row locks do on PostgreSQL: writers take turns from the first statement.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 0, "max_size": env.int("VERNISSAGE_DATABASE_POOL", default=8)}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
VERNISSAGE_REDIS_URL = env("VERNISSAGE_REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VERNISSAGE_REDIS_URL}
    if VERNISSAGE_REDIS_URL
    # Sign-in limits live in the cache: in the database they hold across processes.
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# --- accounts ---------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "portal.web.accounts.JoinForm"}
# The invitation's link was sent to the address: following it proves the address, so no second mail is asked for.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("VERNISSAGE_PROXIES", default=0)
# Who must show a second factor: "roles" (reviewers, staff, operators) or "all".
VERNISSAGE_SECOND_FACTOR = env("VERNISSAGE_SECOND_FACTOR", default="roles")
# Currencies of fees, the first is the one offered; see portal/money.py for those that are known.
VERNISSAGE_CURRENCIES = env.list("VERNISSAGE_CURRENCIES", default=["EUR"])
# Paying by Stripe: without a key there are payments by hand only. One secret for each endpoint, and the old beside the new while it changes.
VERNISSAGE_STRIPE_KEY = env("VERNISSAGE_STRIPE_KEY", default="")
VERNISSAGE_STRIPE_WEBHOOK_SECRET = env.list("VERNISSAGE_STRIPE_WEBHOOK_SECRET", default=[])
VERNISSAGE_STRIPE_API_BASE = env("VERNISSAGE_STRIPE_API_BASE", default="")
VERNISSAGE_STRIPE_SECONDS = env.float("VERNISSAGE_STRIPE_SECONDS", default=25.0)
# Minutes in which a reviewer's decision rests and can be undone, before anybody is told.
VERNISSAGE_DECISION_REST_MINUTES = env.int("VERNISSAGE_DECISION_REST_MINUTES", default=15)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Vernissage"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOOPBACK

# --- sessions, transport, headers ---------------------------------------------------------------------------------
_HTTPS = VERNISSAGE_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = _HTTPS and not EMBEDDED
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {"camera": [], "geolocation": [], "microphone": [], "payment": [], "usb": []}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = HOME / "static"


def _shelf(url: str) -> dict[str, object]:
    """The private shelf: a folder, or `s3://bucket?endpoint=...&region=...`."""
    if not url:
        folder = HOME / "files"
        options: dict[str, object] = {
            "location": folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    parts, asked = urlsplit(url), parse_qs(urlsplit(url).query)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "endpoint_url": asked.get("endpoint", [None])[0],
            "region_name": asked.get("region", [None])[0],
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": 10,
            "signature_version": "s3v4",
            "file_overwrite": False,
        },
    }


VERNISSAGE_STORAGE_URL = env("VERNISSAGE_STORAGE_URL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": _shelf(VERNISSAGE_STORAGE_URL),
    "staticfiles": {"BACKEND": "portal.web.staticfiles.HashedStatic"},
}

# --- languages, times -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", _("English"))]
USE_TZ = True
TIME_ZONE = "UTC"

# --- mail -------------------------------------------------------------------------------------------------------
vars().update(env.email_url("VERNISSAGE_MAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("VERNISSAGE_MAIL_FROM", default=f"Vernissage <no-reply@{_HOST}>")

# --- queue and models -------------------------------------------------------------------------------------------
VERNISSAGE_MODELS = env("VERNISSAGE_MODELS", default=str(ROOT / "generation" / "backends" / "models.toml"))
VERNISSAGE_BROKER_URL = env("VERNISSAGE_BROKER_URL", default="")
CELERY_BROKER_URL = VERNISSAGE_BROKER_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 3, "socket_connect_timeout": 1, "retry_on_timeout": True, "max_retries": 1}
    if VERNISSAGE_BROKER_URL
    else {
        "data_folder_in": str(HOME / "broker" / "messages"),
        "data_folder_out": str(HOME / "broker" / "messages"),
        "control_folder": str(HOME / "broker" / "control"),
        "polling_interval": 0.1,
    }
)
if not VERNISSAGE_BROKER_URL:
    CELERY_BROKER_TRANSPORT = "portal.broker:Transport"
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "bell"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_POOL = "prefork"
CELERY_WORKER_CONCURRENCY = 1
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# CUDA cannot be begun again in a forked process; a spawned one also starts without the parent's connections.
CELERY_WORKER_POOL_START_METHOD = "spawn"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
VERNISSAGE_LEASE_SECONDS = env.float("VERNISSAGE_LEASE_SECONDS", default=15.0)
VERNISSAGE_TORCH_THREADS = env.int("VERNISSAGE_TORCH_THREADS", default=0)

# --- live news -------------------------------------------------------------------------------------------------
VERNISSAGE_STREAMS_PER_PERSON = env.int("VERNISSAGE_STREAMS_PER_PERSON", default=10)

# --- logs -------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("VERNISSAGE_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        # At its lower levels it writes down all that goes to and from Stripe.
        "stripe": {"level": "WARNING"},
    },
}
