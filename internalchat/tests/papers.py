"""Files that agents bring for each other, and their posts."""

from django.http import HttpResponse

from agents.models import Agent
from internalchat import sharing
from internalchat.models import Post, PostFile
from internalchat.tests.writing import internal, say, sign_in
from media.tests.corpus import offices
from media.tests.making import pdf, png, sent

OFFICE = {
    case.name: case.make
    for case in reversed(offices.GOOD)
    if case.name.rpartition(".")[2] in {"doc", "docx", "xls", "xlsx", "ppt", "pptx"}
}
FINE = {"a.png": png, "a.pdf": pdf, **OFFICE}


def kind_of(name: str) -> str:
    return "image" if name.endswith("png") else "document"


def bring(agent: Agent, name: str = "lamp.png", body: bytes | None = None) -> HttpResponse:
    form = {"kind": kind_of(name), "conversation": "", "file": sent(name, body)}
    return sign_in(agent).post(
        internal(agent.project, "uploads"), form, headers={"X-Requested-With": "fetch"}
    )


def brought(agent: Agent, name: str = "lamp.png", body: bytes | None = None) -> PostFile:
    """With its verdict."""
    assert bring(agent, name, body).status_code == 201
    file = PostFile.objects.latest("pk")
    assert sharing.inspect(file.upload_id)
    file.upload.refresh_from_db()
    return file


def send(agent: Agent, colleague: Agent, *files: PostFile, text: str = "") -> Post:
    return say(agent, colleague, text, uploads=[file.upload_id for file in files])
