"""Every door of the product, read from its URLconf: a new one is attacked without being named;
and a project with a row of every kind to attack."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, get_resolver

from agents.models import Agent, PauseReason, Project
from contactcenter.testing import arrivals, make_agent, make_project, order_status, ready, write
from conversations import closing
from conversations.models import (
    Attachment,
    ContactChange,
    ContactField,
    Conversation,
    Delivery,
    Note,
    Offer,
    QuickReply,
    WrapUp,
)
from internalchat import closing as internal_closing
from internalchat import posts
from internalchat.models import DirectChat, Post, PostFile
from media.models import Blob, Upload

ROOMS = {"agents", "media", "conversations", "internalchat"}

# Open to everybody, because somebody decided so. Whatever else there is asks who it is.
OPEN = {
    "",
    "login/",
    "login/recover/",
    "login/recover/sent/",
    "login/recover/<uidb64>/<token>/",
    "logout/",
    "language/",
    "webchat/<slug:key>/",
    "webchat/<slug:key>/loader.js",
    "webchat/<slug:key>/uploads/",  # with a visitor's token: test_webchat_files.py
    "webchat/<slug:key>/uploads/<uuid:upload_id>/",
    "files/<str:token>/<str:name>",  # signed: test_file_links.py
    "demo/",
    "admin/login/",  # leads to the one sign-in
    "admin/jsi18n/",  # words of the admin's own scripts
    "favicon.ico",
    "healthz",
    "readyz",
    "metrics",  # to some networks only: test_metrics_door.py
}
# Asked with a token that is in no cookie: no other site can send it along.
BEARER = {route for route in OPEN if route.startswith("webchat/<slug:key>/uploads/")}
CONSOLE = "p/<slug:project>/"
ADMIN = "admin/"
SIGNED_IN = {"projects/", "help/"}  # shows what is one's own, or nobody's

# How a row hangs on its project, where the supervisors' site does not say it already.
PATHS = {
    "FormField": "inbox__project",
    "Identity": "project",
    "Attachment": "upload__project",
    "Blob": "project",
    "MediaRule": "rule_set__project",
    "Message": "conversation__project",
    "Post": "chat__project",
    "PostFile": "upload__project",
    "User": "agents__project",
}


PART = re.compile(r"\(\?P<(?P<pattern>\w+)>[^)]*\)|<(?:\w+:)?(?P<path>\w+)>")


class Door(NamedTuple):
    route: str
    model: type[Model] | None

    def address(self, values: dict[str, object]) -> str:
        """KeyError names a part of an address that the attackers have to be taught."""
        path = PART.sub(lambda part: str(values[part["pattern"] or part["path"]]), self.route)
        return "/" + path.replace("^", "").replace("$", "")

    @property
    def leads_to_a_row(self) -> bool:
        return self.model is not None and "<" in self.route


@cache
def doors() -> list[Door]:
    return list(_walk(get_resolver(), ""))


def _walk(resolver: Any, prefix: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Door(route, _model(route))
        else:
            yield from _walk(pattern, route)


def _model(route: str) -> type[Model] | None:
    """The model of a page of the supervisors' site."""
    for model in admin.site._registry:
        if f"{ADMIN}{model._meta.app_label}/{model._meta.model_name}/" in route:
            return model
    return None


def path_to_project(model: type[Model]) -> str:
    """KeyError: a new model has to say how it hangs on its project."""
    page = admin.site._registry.get(model)
    if model.__name__ in PATHS or page is None:
        return PATHS[model.__name__]
    return str(page.project_path)


def one_of_everything(mark: str) -> Project:
    """A project with a row of every kind: Ana serves one, ended one; one waits."""
    project = make_project(mark)
    project.campaigns.update(name=f"{mark} support")
    project.inboxes.update(name=f"{mark} chat", title="The chat")
    project.typifications.exclude(name="Order status").update(name=f"{mark} group")
    ana = ready(make_agent(project, mark, capacity=1))
    web = project.inboxes.get()
    ended, *_ = arrivals(web, 2)
    closing.end(
        agent=ana, conversation=ended, typification=order_status(project), comment=f"{mark} note"
    )
    write(web, text=f"{mark} is my secret")
    records_of(ended, ana, mark)
    files_of(ended, ana, mark)
    Delivery.objects.create(message=ended.messages.get(), due_at=ended.started_at, error=mark)
    chats_of(ana, ended, mark)
    return project


def chats_of(ana: Agent, ended: Conversation, mark: str) -> None:
    """Ana writes to a colleague about what she ended; that chat is closed, another one is open."""
    bruno = ready(make_agent(ana.project, f"{mark} colleague", capacity=0))
    first = post_to(bruno, ana, ended, f"{mark} between us").chat
    kind = order_status(ana.project)
    internal_closing.close(agent=bruno, chat=first, typification=kind, comment=mark)
    post_to(bruno, ana, ended, f"{mark} again")
    picture = ana.project.uploads.get(kind="image")  # another one like it went with the first post
    picture.pk = uuid.uuid4()
    picture.save(force_insert=True)
    PostFile.objects.create(upload=picture, agent=ana, message=first.posts.get())


def post_to(bruno: Agent, ana: Agent, ended: Conversation, text: str) -> Post:
    chat = DirectChat.between(ana, bruno)
    return posts.send(agent=ana, chat=chat, client_id=uuid.uuid4(), text=text, quoted=ended)


def files_of(conversation: Conversation, ana: Agent, mark: str) -> None:
    """Lucía sent a picture; Ana has brought a document."""
    lucia, inbox = conversation.identity, conversation.inbox
    blobs = [
        Blob.objects.create(
            project=inbox.project, sha256=f"{number:064}", size=1, stored_at=conversation.started_at
        )
        for number in range(3)
    ]
    original, shown, small = blobs
    ready = {"state": "ready", "type": "image/png", "decided_at": conversation.started_at}
    usual = {"project": inbox.project, "name": f"{mark}.png", "size": 1, "original": original}
    allowed = inbox.rules["image"].allowed.as_json()
    picture = Upload.objects.create(
        kind="image", allowed=allowed, shown=shown, small=small, format="png", **usual, **ready
    )
    document = Upload.objects.create(kind="document", allowed=allowed, **usual)
    Attachment.objects.create(
        upload=picture,
        inbox=inbox,
        conversation=conversation,
        identity=lucia,
        message=conversation.messages.get(seq=1),
    )
    Attachment.objects.create(upload=document, inbox=inbox, conversation=conversation, agent=ana)


def records_of(ended: Conversation, ana: Agent, mark: str) -> None:
    """What agents and supervisors leave beside a conversation that Ana ended."""
    project, lucia, served = ended.project, ended.contact, ended.assignments.get()
    PauseReason.objects.create(project=project, name=f"{mark} break")
    QuickReply.objects.create(project=project, shortcut="hello", text=f"{mark} says hello")
    ContactField.objects.create(project=project, label=f"{mark} field")
    ContactChange.objects.create(contact=lucia, agent=ana, kind="edited", before={"name": mark})
    Note.objects.create(
        project=project, contact=lucia, conversation=ended, agent=ana, text=f"{mark} note"
    )
    before = served.started_at - dt.timedelta(minutes=1)
    span = {"project": project, "agent": ana, "started_at": before, "ended_at": before}
    WrapUp.objects.create(assignment=served, due_at=before, **span)
    Offer.objects.create(
        conversation=ended,
        sender=ana,
        note=f"{mark} note",
        expires_at=before,
        outcome=Offer.Outcome.REFUSED,
        **span,
    )


def rows_of(project: Project, model: type[Model]) -> list[Model]:
    path = path_to_project(model)
    found = model._default_manager.filter(**{path: project.pk if path == "pk" else project})
    return list(found.order_by("pk").distinct())


def everything_of(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """All the project's rows, column by column: what no stranger may change."""
    kept: dict[str, list[tuple[object, ...]]] = {}
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ROOMS:
            pks = [row.pk for row in rows_of(project, model)]
            rows = model._default_manager.filter(pk__in=pks).order_by("pk")
            kept[model.__name__] = list(rows.values_list(*(f.name for f in model._meta.fields)))
    return kept
