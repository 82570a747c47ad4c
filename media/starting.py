"""The rules a project begins with, as plain data: migrations read it, too."""

from typing import Any

MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE  # of any file, whatever a rule says
MOST_FROM_WIDGET = 25 * MEGABYTE  # of a customer's

WEB_CHAT, WHATSAPP, INTERNAL = "Web chat", "WhatsApp", "Internal chat"
OFFICE = ["doc", "docx", "xls", "xlsx", "ppt", "pptx"]

# Name of the set → kind → what differs from a rule that takes nothing.
STARTING_SETS: dict[str, dict[str, dict[str, Any]]] = {
    WEB_CHAT: {
        "image": {"formats": ["jpeg", "png", "gif", "webp"], "most_bytes": 5 * MEGABYTE},
        "video": {"formats": ["mp4", "3gp", "webm"], "most_bytes": 16 * MEGABYTE},
        "document": {"formats": ["pdf", *OFFICE, "txt", "csv"], "most_bytes": MOST_BYTES},
        "audio": {
            "formats": ["mp3", "aac", "m4a", "amr", "ogg", "weba"],
            "most_bytes": 16 * MEGABYTE,
            "is_mono": True,
        },
    },
    WHATSAPP: {
        "image": {"formats": ["jpeg", "png"], "most_bytes": 5 * MEGABYTE},
        "video": {"formats": ["mp4", "3gp"], "most_bytes": 16 * MEGABYTE},
        "document": {"formats": ["pdf", *OFFICE, "txt", "csv"], "most_bytes": MOST_BYTES},
        "audio": {
            "formats": ["mp3", "aac", "m4a", "amr", "ogg"],
            "most_bytes": 16 * MEGABYTE,
            "is_mono": True,
        },
    },
    INTERNAL: {
        "image": {"formats": ["jpeg", "png", "gif", "webp"], "most_bytes": 5 * MEGABYTE},
        "video": {"formats": ["mp4"], "most_bytes": 16 * MEGABYTE, "is_allowed": False},
        "document": {"formats": ["pdf", *OFFICE], "most_bytes": MOST_BYTES},
        "audio": {"formats": ["mp3"], "most_bytes": 16 * MEGABYTE, "is_allowed": False},
    },
}
