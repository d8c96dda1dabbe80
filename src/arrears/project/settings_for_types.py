"""Settings for the type checker alone: the same models without a database, a key or a data folder."""

SECRET_KEY = "only read by the type checker"  # noqa: S105
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "arrears.accounts.apps.AccountsConfig",
    "arrears.bridge.apps.BridgeConfig",
    "arrears.desk.apps.DeskConfig",
    "arrears.web.apps.WebConfig",
]
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
AUTH_USER_MODEL = "accounts.User"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "unused"}}
ARREARS_KEY_FILE = ""
ARREARS_KASHFLOW_URL = ""
ARREARS_DEMO = False
EMAIL_FILE_PATH = ""
ARREARS_EMBEDDED = True
ARREARS_KEY_WAS_MADE = False
ARREARS_ADAPTERS = ""
ARREARS_WEBHOOKS_TO = ""
ARREARS_DESK_ADAPTERS = ""
ARREARS_URL = ""
ARREARS_API_PER_MINUTE = 0
ARREARS_API_PER_HOUR = 0
ARREARS_API_PER_DAY = 0
ARREARS_DEBITURA_PER_MINUTE = 0
ARREARS_DEBITURA_PER_HOUR = 0
ARREARS_DEBITURA_PER_DAY = 0
ARREARS_VERSION = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
