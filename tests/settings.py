"""The settings of the tests: the product's, with what makes a run fast and keeps runs apart."""

import os
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ.setdefault(
    "BANTAM_DATA_DIR", str(Path(__file__).resolve().parent.parent / "data" / "tests" / _worker)
)
os.environ.setdefault("BANTAM_SECRET_KEY", "only for tests, and long enough that no check complains of it")
if _redis := os.environ.get("REDIS_URL", ""):
    # Each xdist worker has a Redis database of its own; processes started by a test inherit it.
    os.environ["REDIS_URL"] = f"{_redis.rpartition('/')[0]}/{_worker}"

from config.settings import *  # noqa: E402, F403 - after the environment is set

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WATCHES_PULSE = False  # no test has workers at work beside it, and reading it would be a query now and then
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
for _entry in CELERY_BEAT_SCHEDULE.values():  # noqa: F405 - what a test waits for comes twice as often
    if isinstance(_entry["schedule"], float):
        _entry["schedule"] /= 2
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # static files straight from their folders
