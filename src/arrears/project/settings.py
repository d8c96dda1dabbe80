"""Django settings. Everything an operator may change comes from the environment; see docs/operate."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arrears import __version__
from arrears.accounts import root_keys
from arrears.project.database import database_settings, is_embedded
from arrears.project.home import data_folder
from arrears.project.logs import logging_settings
from arrears.project.mail import mail_settings
from arrears.sandbox.kashflow import CREDENTIALS


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in ("1", "true", "yes", "on")


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


ARREARS_HOME = data_folder()
ARREARS_VERSION = __version__
ARREARS_EMBEDDED = is_embedded()
ARREARS_KEY_FILE = str(root_keys.key_file(ARREARS_HOME))
_ROOT_KEYS, ARREARS_KEY_WAS_MADE = root_keys.load(Path(ARREARS_KEY_FILE), may_create=ARREARS_EMBEDDED)

#: Where KashFlow is. The demo points this at the stand-in.
ARREARS_KASHFLOW_URL = os.environ.get("ARREARS_KASHFLOW_URL", "https://api.kashflow.com/v2")
#: The demo, whose company is made up, shows its logins on the pages that ask for them.
ARREARS_DEMO = _flag("ARREARS_DEMO")
ARREARS_DEMO_LOGIN = (
    {"email": os.environ["ARREARS_DEMO_EMAIL"], "password": os.environ["ARREARS_DEMO_PASSWORD"]}
    if ARREARS_DEMO and "ARREARS_DEMO_PASSWORD" in os.environ
    else {}
)
ARREARS_DEMO_KASHFLOW = CREDENTIALS if ARREARS_DEMO else {}
#: What the bridge talks to. Only `wiring` chooses.
ARREARS_ADAPTERS = "arrears.wiring.ConfiguredAdapters"
#: What the desk talks to.
ARREARS_DESK_ADAPTERS = "arrears.wiring.ConfiguredDeskAdapters"
#: `public`: webhooks reach public HTTPS servers only. `anywhere`: any server, for development on one machine.
ARREARS_WEBHOOKS_TO = os.environ.get("ARREARS_WEBHOOKS_TO", "public")
#: Where people reach this installation, for links in e-mails and in the API's answers.
ARREARS_URL = os.environ.get("ARREARS_URL", "http://127.0.0.1:8000").rstrip("/")
#: How many requests one API key may make.
ARREARS_API_PER_MINUTE = int(os.environ.get("ARREARS_API_PER_MINUTE", "2000"))
ARREARS_API_PER_HOUR = int(os.environ.get("ARREARS_API_PER_HOUR", "20000"))
ARREARS_API_PER_DAY = int(os.environ.get("ARREARS_API_PER_DAY", "100000"))
#: How many requests all processes together make to Debitura for one creditor: no more than it allows.
ARREARS_DEBITURA_PER_MINUTE = int(os.environ.get("ARREARS_DEBITURA_PER_MINUTE", "2000"))
ARREARS_DEBITURA_PER_HOUR = int(os.environ.get("ARREARS_DEBITURA_PER_HOUR", "20000"))
ARREARS_DEBITURA_PER_DAY = int(os.environ.get("ARREARS_DEBITURA_PER_DAY", "100000"))


def _session_key(root: bytes) -> str:
    """Django's signing key, derived from the root key so that there is one thing to guard and back up."""
    derived = HKDF(hashes.SHA256(), length=48, salt=None, info=b"arrears django signing").derive(root)
    return base64.urlsafe_b64encode(derived).decode()


SECRET_KEY = _session_key(_ROOT_KEYS.keys[0])
SECRET_KEY_FALLBACKS = [_session_key(key) for key in _ROOT_KEYS.keys[1:]]

DEBUG = False
ALLOWED_HOSTS = _words("ARREARS_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("ARREARS_ORIGINS", "")
_HTTPS = _flag("ARREARS_HTTPS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_structlog",
    "procrastinate.contrib.django",
    "arrears.accounts.apps.AccountsConfig",
    "arrears.bridge.apps.BridgeConfig",
    "arrears.desk.apps.DeskConfig",
    "arrears.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "arrears.web.headers.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "arrears.web.account.sessions.LastSeenMiddleware",
    "arrears.web.acting.ActingMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "arrears.project.urls"
WSGI_APPLICATION = "arrears.project.wsgi.application"
DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_TEMPLATE_FOLDER = Path(__file__).parents[1] / "web" / "templates"
_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "arrears.web.context.everywhere",
]
TEMPLATES = [
    {
        # The big tables: several times faster than Django's own templates.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_TEMPLATE_FOLDER / "pages"],
        "OPTIONS": {"environment": "arrears.web.jinja.environment", "context_processors": _CONTEXT},
    },
    {
        # allauth's pages.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_TEMPLATE_FOLDER / "sign_in"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "arrears.web.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "signup": "arrears.web.sign_up.FirstOwnerForm",
    "change_password": "arrears.web.account_forms.ChangePasswordForm",
    "reauthenticate": "arrears.web.account_forms.ReauthenticateForm",
    "reset_password": "arrears.web.account.new_password.ForgottenPasswordForm",
    "reset_password_from_key": "arrears.web.account.new_password.NewPasswordForm",
}
#: Whoever asks for a link again within ten minutes has one that works. What counts as a guess at a password,
#: and how many there may be, is in web/account/guesses.py, which names these limits.
ACCOUNT_RATE_LIMITS = {
    "reset_password": "20/m/ip,3/10m/key",
    "guess_where_known": "10/m/ip,4/5m/key",
    "guess_from_one_address": "10/m/ip,4/5m/key",
    "guess_by_strangers": "6/5m/key",
}
#: The link in the e-mail that a forgotten password is answered with works for half an hour.
PASSWORD_RESET_TIMEOUT = 1800
_MAIL = mail_settings(ARREARS_HOME)
EMAIL_BACKEND = _MAIL.backend
EMAIL_FILE_PATH = _MAIL.folder
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password.get_secret_value()
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.starts_tls, _MAIL.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _MAIL.sender
#: Nobody proves an address by answering a message: e-mail may not be set up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "arrears.web.account.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "arrears.web.account.passkeys.PasskeyForm",
    "edit_webauthn": "arrears.web.account.passkeys.RenamePasskeyForm",
    "login_webauthn": "arrears.web.account.passkeys.SignInForm",
    "authenticate_webauthn": "arrears.web.account.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "arrears.web.account.passkeys.StillYouForm",
}
#: How many proxies stand in front, each adding the address that asked it. Guesses at passwords are counted
#: by that address; with none, what a visitor claims in X-Forwarded-For is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ARREARS_PROXIES", "0"))

#: Counts guesses at passwords, which all processes and machines have to share. The table is in `accounts`.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Beyond this, counts that still matter are thrown away.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

#: Room for the largest order: 20,000 invoices, ticked and sent as one form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

LOGGING_CONFIG = None
LOGGING = logging_settings()
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
