"""Every setting, read top to bottom. Only this file reads the environment; a wrong value stops the start with a sentence."""

import re
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.runtime.folder import DataFolder

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

# Where Layershelf keeps its own data: database, pictures, logs. Never inside a library.
DATA_DIR = Path(env.str("LAYERSHELF_DATA", default=str(BASE_DIR / "data"))).expanduser().resolve()
PREVIEWS_DIR = DATA_DIR / "previews"
UNPACKING_DIR = DATA_DIR / "unpacking"  # files from archives while they are measured
DATA_FOLDER = DataFolder(DATA_DIR)

# --- Safety ------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# Without SECRET_KEY the data folder keeps one, made at the first start; a checkout without data gets a fixed throw-away key.
SECRET_KEY = env.str("SECRET_KEY", default="") or DATA_FOLDER.secret_key()
# Keys that secrets of libraries (of S3 buckets) are encrypted under, the newest first. Without them the data folder keeps one.
CREDENTIALS_KEYS = env.list("LAYERSHELF_SECRET_KEYS", default=[])
if not all(re.fullmatch(r"[\w-]{43}=", key, re.ASCII) for key in CREDENTIALS_KEYS):
    raise ImproperlyConfigured(
        "LAYERSHELF_SECRET_KEYS must hold Fernet keys with commas between them: 32 bytes in URL-safe base64 each."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
# Behind a proxy that speaks HTTPS: HTTPS=on marks cookies secure and believes X-Forwarded-Proto.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Who may read /metrics: those who send this as a bearer token; without one, this machine only.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "script-src": [_SELF, "'wasm-unsafe-eval'"],  # the Draco decoder is WebAssembly
        "style-src": [_SELF],
        "img-src": [_SELF, "data:", "blob:"],
        "connect-src": [_SELF, "blob:"],
        "worker-src": [_SELF, "blob:"],
        "object-src": ["'none'"],
        "base-uri": [_SELF],
        "form-action": [_SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- Applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.accounts",
    "libraries",
    "collections_app",
    "models3d",
    "scanning",
    "config.sharing",
    "config",
    "django_htmx",
    "template_partials",
    "tree_queries",
    "config.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]
MIDDLEWARE = [
    "config.request_counts.CountRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.accounts.middleware.SignInRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.lib.template_tags", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.accounts.context.units_of",
            ],
        },
    }
]

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "models3d:grid"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Database and broker: embedded unless an address is given ----------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
# A folder with `postgres` and `initdb` to use in place of the programs that came with the installation.
POSTGRES_BIN = env.str("POSTGRES_BIN", default="")
if DATABASE_URL:
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must be a Postgres address, such as postgres://user:password@host/name."
        )
    _database = env.db_url("DATABASE_URL")
else:
    _database = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(DATA_FOLDER.socket_dir),
        "NAME": "layershelf",
        "USER": "postgres",
    }
DATABASES = {
    "default": _database
    | {
        "CONN_HEALTH_CHECKS": True,  # a round trip per request, and no error page after Postgres was restarted
        "OPTIONS": _database.get("OPTIONS", {})
        | {
            "pool": {"min_size": 0, "max_size": 10, "timeout": 10, "max_idle": 60},
            "prepare_threshold": 3,
        },
        "TEST": {"NAME": "test_layershelf"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Background work ---------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{DATA_FOLDER.valkey_socket}"
CELERY_TASK_IGNORE_RESULT = True  # the truth about jobs is in Postgres
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message of a killed worker comes back after this time; longer work is chunked below it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
# People wait for bulk edits: these do not queue behind five minutes of analysis.
CELERY_TASK_ROUTES = {
    "models3d.tasks.work_off_bulk_edits": {"queue": "scan"},
    "scanning.*": {"queue": "scan"},
    "models3d.*": {"queue": "analysis"},
}
CELERY_TASK_DEFAULT_QUEUE = "scan"
CELERY_TASK_CREATE_MISSING_QUEUES = True
WORKER_THREADS = env.int("WORKER_THREADS", default=3)  # two for files, one is free for scans
MESH_CHILDREN = env.int("MESH_CHILDREN", default=2)
# Compiled geometry kernels: made once, in about a minute of processor time, and kept.
KERNEL_CACHE_DIR = env.str("NUMBA_CACHE_DIR", default=str(DATA_DIR / "cache" / "numba"))
ANALYSIS_TASK_SECONDS = 300  # then the message ends and beat rings again: well below the visibility timeout

# --- Limits of one file; reached ones are told to the user with the figure ----------------------------------------
MAX_TRIANGLES = env.int("MAX_TRIANGLES", default=40_000_000)
MAX_FILE_SECONDS = env.int("MAX_FILE_SECONDS", default=120)
MAX_UNPACKED_BYTES = env.int(
    "MAX_UNPACKED_BYTES", default=2 * 1024**3
)  # of a file in an archive, to be measured
MAX_FETCHED_BYTES = env.int("MAX_FETCHED_BYTES", default=2 * 1024**3)  # of a file in a bucket, to be measured

# --- API ---------------------------------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=1_200)  # of one person; 0: no limit

# --- Downloads ---------------------------------------------------------------------------------------------------
# Of the eight threads that answer; each large download holds one for as long as the other end takes.
MOST_STREAMS = env.int("MOST_DOWNLOADS", default=4)
MOST_FILES_IN_ZIP = env.int("MOST_FILES_IN_ZIP", default=10_000)

# --- Uploads: files arrive in the data folder, and enter their library whole --------------------------------------
UPLOADS_DIR = DATA_DIR / "uploads"
UPLOAD_SPARE_BYTES = 256 * 1024**2  # of the data folder's disk, left for everything else
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=64 * 1024**3)
MOST_FILES_IN_UPLOAD = env.int("MOST_FILES_IN_UPLOAD", default=20_000)
MOST_ARRIVING = 3  # pieces at the same time, of the eight threads that answer
UPLOAD_KEEP = timedelta(hours=env.int("UPLOAD_KEEP_HOURS", default=24))
FILE_UPLOAD_HANDLERS = ["config.lib.multipart.DataFolderUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # of a plain form, without script

# --- The bin: deleted files wait in a hidden folder of their own library --------------------------------------------
BIN_DAYS = env.int("BIN_DAYS", default=30)
if BIN_DAYS < 1:
    raise ImproperlyConfigured("BIN_DAYS must be at least 1.")

# --- How meshes would print: estimates for files measured from now on (docs/printability.md) -------------------------
PRINTABILITY = env.bool("PRINTABILITY", default=True)
PRINTABILITY_MAX_TRIANGLES = env.int("PRINTABILITY_MAX_TRIANGLES", default=5_000_000)
PRINTABILITY_MAX_SECONDS = env.float("PRINTABILITY_MAX_SECONDS", default=10.0)
PRINT_WALLS = env.int("PRINT_WALLS", default=3)
PRINT_LINE_WIDTH_MM = env.float("PRINT_LINE_WIDTH_MM", default=0.45)
PRINT_INFILL_PERCENT = env.float("PRINT_INFILL_PERCENT", default=15.0)
PRINT_LAYER_HEIGHT_MM = env.float("PRINT_LAYER_HEIGHT_MM", default=0.2)
if not (0 <= PRINT_INFILL_PERCENT <= 100 and 0 < PRINT_LAYER_HEIGHT_MM <= 5):
    raise ImproperlyConfigured(
        "PRINT_INFILL_PERCENT must be from 0 to 100, and PRINT_LAYER_HEIGHT_MM above 0 and at most 5."
    )

# --- Static files, language, time --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True  # served from the checkout: no collectstatic step at the first start
WHITENOISE_MAX_AGE = 60 * 60
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TZ", default="UTC")
USE_TZ = True
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # It writes signed addresses of buckets into its warnings, which open to whoever reads them.
    "loggers": {"urllib3": {"level": "ERROR"}},
}
