"""Files for the running product, large ones too, and how much memory they take there."""

from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.test import Client

from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from conversations.models import Conversation
from media.models import Upload

MEGABYTE = 1024 * 1024
TEXT = b"A line of a very long text, as a machine writes them.\n" * 20_000  # 1 MB
DECIDED = 120.0  # seconds, on a busy machine


def desk(url: str, conversation: Conversation) -> httpx.Client:
    """The holder's browser, signed in, without a page."""
    agent = Agent.objects.get(project=conversation.project)
    session = Client()
    session.force_login(agent.user, backend="agents.backends.ModelBackend")
    token = "t" * 32
    cookies = {
        settings.SESSION_COOKIE_NAME: session.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrftoken": token,
    }
    headers = {"X-CSRFToken": token, "X-Requested-With": "fetch", "Accept": "application/json"}
    return httpx.Client(base_url=url, cookies=cookies, headers=headers, timeout=120)


def bring(url: str, conversation: Conversation, kind: str, name: str, body: Any) -> httpx.Response:
    with desk(url, conversation) as browser:
        form = {"kind": kind, "conversation": str(conversation.pk)}
        page = f"/p/{conversation.project.slug}/uploads/"
        return browser.post(page, data=form, files={"file": (name, body)})


def decided(upload_id: str) -> Upload:
    uploads = Upload.objects.filter(pk=upload_id)
    wait_until(lambda: uploads.exclude(state=Upload.State.CHECKING).exists(), DECIDED)
    return uploads.get()


def large(folder: Path, megabytes: int = 99) -> Path:
    with (folder / "large.txt").open("wb") as file:
        for _ in range(megabytes):
            file.write(TEXT[:MEGABYTE])
    return folder / "large.txt"


class Growth:
    """How much a process' memory rose above what it was, at its highest."""

    def __init__(self, pid: int) -> None:
        self.status, self.clear = Path(f"/proc/{pid}/status"), Path(f"/proc/{pid}/clear_refs")
        self.clear.write_text("5")
        self.before = self._read("VmRSS")

    def __call__(self) -> int:
        return self._read("VmHWM") - self.before

    def _read(self, name: str) -> int:
        lines = dict(line.split(":", 1) for line in self.status.read_text().splitlines())
        return int(lines[name].split()[0]) * 1024
