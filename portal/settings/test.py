"""Settings of the tests: everything real, but in its own folder and fast where that changes nothing."""

import os
import tempfile

os.environ.setdefault("VERNISSAGE_HOME", tempfile.mkdtemp(prefix="vernissage-test-"))
os.environ.setdefault("VERNISSAGE_BASE_URL", "http://127.0.0.1:8000")

from .base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
