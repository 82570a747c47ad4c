"""The customer's socket (contract.md): hello first, then messages; an ack only after commit."""

import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import translation

from agents import counting, live
from agents.sockets import (
    NOT_ALLOWED,
    NOT_FOUND,
    REPLACED,
    TOO_FAST,
    Bucket,
    Refused,
    Socket,
    on_thread,
    parse,
)
from conversations import access, estimates, inbound, leaving
from conversations.heartbeat import heartbeat
from conversations.models import Conversation, Identity, Inbox, Message
from conversations.transports.webchat import resume, transport
from conversations.transports.webchat.introduction import Introduction, form_first
from media.attaching import NotAttached

MOST_SOCKETS = 5  # open pages of one visitor in one process


def shut_out() -> Refused:
    """Politely, and without a reason: that is the staff's."""
    sentence = translation.gettext("This chat is closed for you. Please contact us another way.")
    return Refused("blocked", sentence)


class VisitorConsumer(Socket):
    inbox: Inbox
    introduction: Introduction
    identity: Identity | None = None
    conversation: str | None = None
    state = "new"
    position: int | None = None
    wait: estimates.Wait | None = None
    refusals = 0

    async def connect(self) -> None:
        await self.accept()
        try:
            self.inbox = await on_thread(access.inbox_for, self.scope["url_route"]["kwargs"]["key"])
        except Http404:
            await self.close(NOT_FOUND)
            return
        if not (self.is_same_origin or {"*", self.origin} & set(self.inbox.origins)):
            await self.close(NOT_ALLOWED)
            return
        self.introduction = Introduction(self.inbox)
        self.bucket = Bucket(settings.LIMIT_VISITOR_BURST, settings.LIMIT_VISITOR_PER_MINUTE)
        await heartbeat().add_visitor(self)

    async def disconnect(self, code: int) -> None:
        heartbeat().remove(self)
        if self.identity:
            group = live.visitor_group(self.identity.pk)
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame: dict[str, Any] = {}
        try:
            try:
                frame = parse(text_data)
            finally:
                self._limit()  # nonsense counts too
            await self._handler(frame)(frame)
        except Refused as problem:
            await self._say(problem, frame.get("id"))

    def _limit(self) -> None:
        if self.bucket.take():
            return
        self.refusals += 1
        raise Refused(
            "too_fast",
            translation.gettext("That was too fast. Wait a moment; nothing you wrote is lost."),
            close=TOO_FAST if self.refusals > settings.LIMIT_VISITOR_BURST else None,
        )

    def _handler(self, frame: dict[str, Any]) -> Callable[[dict[str, Any]], Awaitable[None]]:
        handlers = {
            "hello": self.hello,
            "message": self.message,
            "typing": self.typing,
            "read": self.read,
            "end": self.end,
        }
        if frame["type"] not in handlers:
            raise Refused("unknown_type", translation.gettext("That is not a frame we understand."))
        if frame["type"] != "hello" and not self.introduction.token:
            raise Refused("hello_first", translation.gettext("Say hello first."))
        return handlers[frame["type"]]

    async def _say(self, problem: Refused, frame_id: object) -> None:
        known = frame_id if isinstance(frame_id, str) else None
        await self.send_frame(
            type="error", code=problem.code, detail=problem.detail, id=known and known[:64]
        )
        if problem.close:
            await self.close(problem.close)

    async def hello(self, frame: dict[str, Any]) -> None:
        """Who I am and what I have: answered with what I lack."""
        identity = await self.introduction.hear(frame)
        await self._become(identity)
        if identity:
            await self.introduction.keep(identity)
            await on_thread(leaving.renew, [identity.pk])
        asked = self.introduction.asked
        welcome = await on_thread(resume.welcome, self.inbox, identity, frame, asked)
        self.conversation, self.state = welcome["conversation"], welcome["state"]
        self.position, self.wait = welcome["position"], welcome["wait"]
        await self.send_frame(type="welcome", token=self.introduction.token, **welcome)

    async def _become(self, identity: Identity | None) -> None:
        """From here on this page hears what its visitor hears; a new one nothing yet."""
        if self.identity == identity:
            return
        if self.identity:
            old = live.visitor_group(self.identity.pk)
            await self.channel_layer.group_discard(old, self.channel_name)
        self.identity = identity
        if identity is None:
            return
        await self.channel_layer.group_add(live.visitor_group(identity.pk), self.channel_name)
        same = [v for v in heartbeat().visitors if v.identity == identity and v is not self]
        if len(same) >= MOST_SOCKETS:
            await same[0].close(REPLACED)

    async def message(self, frame: dict[str, Any]) -> None:
        came = time.perf_counter()
        incoming = transport.parse(frame)  # refused before anybody is created
        message = await self._receive(incoming)
        is_new = self.conversation != str(message.conversation_id)
        self.conversation = str(message.conversation_id)
        await self.send_frame(
            type="ack",
            id=str(message.client_id),
            conversation=self.conversation,
            seq=message.seq,
            at=message.created_at.isoformat(),
        )
        counting.acks.observe(time.perf_counter() - came)
        if is_new:
            await self._tell_place()

    async def _receive(self, incoming: inbound.Incoming) -> Message:
        identity = self.identity or await self._make_contact()
        if self.introduction.asked.stands:
            identity = await self.introduction.look_again() or identity
        may_start = not self.introduction.asked.stands
        try:
            return await on_thread(
                inbound.receive,
                inbox=self.inbox,
                identity=identity,
                incoming=transport.said_by(identity, incoming, may_start=may_start),
            )
        except inbound.MayNotStart:
            raise form_first() from None
        except inbound.Blocked:
            raise shut_out() from None
        except NotAttached:
            raise transport.no_such_file() from None

    async def _make_contact(self) -> Identity:
        identity = await self.introduction.make_contact()
        await self._become(identity)
        return identity

    async def _tell_place(self) -> None:
        if place := await on_thread(estimates.in_line, uuid.UUID(self.conversation)):
            self.state, self.position = "queued", None
            await self.show_place(place)

    async def show_place(self, place: estimates.InLine) -> None:
        """The place in the queue and the range of the wait, unless the page knows both."""
        if (place.position, place.wait) == (self.position, self.wait):
            return
        self.position, self.wait = place.position, place.wait
        await self.send_frame(type="queue", position=place.position, wait=place.wait)

    async def typing(self, frame: dict[str, Any]) -> None:
        if conversation := await self._open_conversation():
            await on_thread(inbound.typing, conversation=conversation)

    async def read(self, frame: dict[str, Any]) -> None:
        if conversation := await self._open_conversation():
            await on_thread(
                inbound.read, conversation=conversation, seq=transport.number(frame, "seq")
            )

    async def end(self, frame: dict[str, Any]) -> None:
        if conversation := await self._open_conversation():
            await on_thread(inbound.leave, conversation=conversation)

    async def _open_conversation(self) -> Conversation | None:
        if self.identity is None:
            return None
        try:
            return await on_thread(inbound.open_conversation, self.inbox, self.identity)
        except Conversation.DoesNotExist:
            return None

    async def frame(self, event: dict[str, Any]) -> None:
        """A frame for all pages of this visitor; the state in it is ours too."""
        if "state" in event:
            self.state, self.conversation = event["state"], event["conversation"]
            if self.state != "queued":  # back in the queue, the page hears its place anew
                self.position = self.wait = None
        await super().frame(event)
