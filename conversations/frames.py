"""What a customer's page receives of a message and of a file (contract.md, sockets)."""

from typing import Any

from django.utils import translation

from conversations.models import Attachment, Message
from media import links, refusals
from media.checks import reasons
from media.models import Upload


def message_frame(
    message: Message, identity_id: int, language: str | None = None
) -> dict[str, Any]:
    """With links to its files that are this visitor's."""
    with translation.override(language or translation.get_language()):
        text = message.system_text if message.is_system else message.text
    return {
        "type": "message",
        "id": str(message.client_id),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "from": message.author,
        "name": message.agent.short_name if message.agent else "",
        "text": text,
        "event": message.event,
        "files": [file_frame(each.upload, identity_id) for each in message.files],
        "at": message.created_at.isoformat(),
    }


def files_frame(message: Message) -> dict[str, Any]:
    """What became of a message's files; in the customer's language."""
    conversation = message.conversation
    with translation.override(conversation.contact.language or None):
        files = [file_frame(each.upload, conversation.identity_id) for each in message.files]
    return {
        "type": "files",
        "id": str(message.client_id),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "files": files,
    }


def upload_frame(attachment: Attachment) -> dict[str, Any]:
    """What became of one that is not sent yet; in the language of whoever brought it."""
    identity = attachment.identity
    with translation.override(identity.contact.language if identity else None):
        return {
            "type": "upload",
            "file": file_frame(attachment.upload, attachment.identity_id or 0),
        }


def file_frame(upload: Upload, identity_id: int) -> dict[str, Any]:
    """Without `url` as long as it is not ready; `preview` is a picture's thumbnail, a video's
    poster. `size` in bytes, `reason` a sentence."""
    is_ready = upload.is_ready
    return {
        "id": str(upload.pk),
        "kind": upload.kind,
        "name": upload.delivered_name,
        "type": upload.type,
        "size": upload.size,
        "state": upload.state,
        "reason": refusals.sentence(upload.reason, upload.figures),
        "converted": reasons.conversion(upload.converted),
        "url": links.to_visitor(upload, identity_id) if is_ready else None,
        "preview": (
            links.to_visitor(upload, identity_id, links.SMALL)
            if is_ready and upload.small_id
            else None
        ),
        "width": upload.width,
        "height": upload.height,
        "seconds": upload.seconds,
        "pages": upload.pages,
    }
