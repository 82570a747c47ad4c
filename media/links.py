"""Links to files: signed, for one person, for a while.

An agent's works with the session of that agent only; a customer's is what their page was told.
"""

import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from media.models import Upload

WHOLE, SMALL = "file", "small"  # what is delivered, and its thumbnail or poster
AGENT, VISITOR = "a", "v"

_signer = Signer(salt="media.links")


class Expired(Exception):
    """It was good once."""


@dataclass(frozen=True)
class Link:
    upload_id: uuid.UUID
    project_id: int
    part: str
    who: str  # AGENT or VISITOR
    number: int  # of the agent, of the visitor's identity


def to_agent(upload: Upload, agent_id: int, part: str = WHOLE) -> str:
    return _address(upload, part, AGENT, agent_id)


def to_visitor(upload: Upload, identity_id: int, part: str = WHOLE) -> str:
    return _address(upload, part, VISITOR, identity_id)


def _address(upload: Upload, part: str, who: str, number: int) -> str:
    """The same for a while, so that browsers find what they have."""
    step = settings.FILE_LINK_SECONDS
    until = (int(time.time()) // step + 2) * step
    fields = (upload.pk.hex, upload.project_id, part, f"{who}{number}", until)
    token = _signer.sign(".".join(map(str, fields)))
    return reverse("file", args=[token, upload.delivered_name])


def read(token: str) -> Link | None:
    """None for what we never signed. Raises Expired."""
    try:
        upload, project, part, who, until = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    if time.time() > int(until):
        raise Expired
    return Link(uuid.UUID(upload), int(project), part, who[:1], int(who[1:]))
