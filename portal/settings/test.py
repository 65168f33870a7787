"""Settings of the tests: everything real, but in its own folder and fast where that changes nothing."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VERNISSAGE_HOME", tempfile.mkdtemp(prefix="vernissage-test-"))
# Tests that run side by side share nothing; a process that one of them starts finds the folder named already.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and Path(os.environ["VERNISSAGE_HOME"]).name != worker:
    os.environ["VERNISSAGE_HOME"] += f"/{worker}"
os.environ.setdefault("VERNISSAGE_BASE_URL", "http://127.0.0.1:8000")

from .base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
