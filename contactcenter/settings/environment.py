"""Which installation this is: what the environment says, with defaults that run.

In production (DEMO and DEBUG off) a missing secret stops the start with a sentence that names it.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def required(name: str, what: str, stand_in: str) -> str:
    """The variable's value; a stand-in only where nobody's data is at stake."""
    if value := os.environ.get(name):
        return value
    if DEBUG or DEMO or BUILDING:
        return stand_in
    raise ImproperlyConfigured(f"{name} is missing: {what}. See .env.example.")


DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
BUILDING = flag("BUILDING")  # checks, translations, image builds: nothing is served
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://localhost:{PORT}").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")

SECRET_KEY = required(
    "SECRET_KEY",
    "it signs sessions and links; 50 random characters",
    "stand-in-" + hashlib.sha256(str(BASE_DIR).encode()).hexdigest(),
)
ALLOWED_HOSTS = [
    *words("ALLOWED_HOSTS", urlsplit(PUBLIC_URL).hostname or ""),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
