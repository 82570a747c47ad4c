"""Files at the customer's doors: brought and asked for with a visitor's token."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from conversations.models import Inbox
from conversations.transports.webchat import visitors
from media.tests.making import sent

TOKEN, OTHER = visitors.new_token(), visitors.new_token()


def bring(inbox: Inbox, token: str = TOKEN, **form: Any) -> HttpResponse:
    form = {"kind": "image", "file": sent(), **form}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post(f"/webchat/{inbox.key}/uploads/", form, headers=headers)


def ask(inbox: Inbox, upload_id: object, token: str = TOKEN, method: str = "get") -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"}
    page = f"/webchat/{inbox.key}/uploads/{upload_id}/"
    return getattr(Client(), method)(page, headers=headers)


def said(answer: HttpResponse) -> dict[str, Any]:
    return json.loads(answer.content)
