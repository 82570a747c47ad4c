"""The walls: what a page may do and who may frame it, what travels safely, how fast one may go."""

import os
from ipaddress import ip_network

from csp.constants import NONE, SELF

from contactcenter.settings.environment import SECURE, words
from contactcenter.settings.files import FILE_ORIGINS

TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))  # in front, one behind the other

# Who may read /metrics: these networks, or whoever has the token.
METRICS_ALLOW = [ip_network(network) for network in words("METRICS_ALLOW", "127.0.0.0/8,::1/128")]
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *FILE_ORIGINS],
        "media-src": [SELF, "blob:", *FILE_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": ["self"],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # nginx redirects; behind it we speak plain HTTP
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A form or JSON body: bytes, and fields. What is larger still is not received (server.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# How fast one may go: frames on a visitor's socket, requests of an agent's console (all tabs and
# web processes together). Raised for load tests.
LIMIT_VISITOR_PER_MINUTE = int(os.environ.get("LIMIT_VISITOR_PER_MINUTE", "100"))
LIMIT_VISITOR_BURST = int(os.environ.get("LIMIT_VISITOR_BURST", "20"))
LIMIT_AGENT_PER_MINUTE = int(os.environ.get("LIMIT_AGENT_PER_MINUTE", "600"))
LIMIT_AGENT_BURST = int(os.environ.get("LIMIT_AGENT_BURST", "100"))
# Files a visitor may bring; from one address five times as many.
LIMIT_UPLOADS_PER_MINUTE = int(os.environ.get("LIMIT_UPLOADS_PER_MINUTE", "30"))
