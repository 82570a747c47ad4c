"""The console's socket: one per open tab, down only. Changes go up as small posts."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, parse_cookie
from django.utils import translation

from agents import access, live
from agents.models import Agent
from agents.sessions import SessionStore
from agents.sockets import BAD_INPUT, NOT_ALLOWED, REPLACED, SIGNED_OUT, Refused, Socket, on_thread
from conversations import attending
from conversations.heartbeat import heartbeat

MOST_CONSOLES = 10  # open tabs of one agent in one process
COME_BACK = 1000  # the lease has ended, the rights stand: the page connects anew


class ConsoleConsumer(Socket):
    agent: Agent
    console_id: int
    session_key = ""
    is_in = False

    async def connect(self) -> None:
        self.session_key = parse_cookie(self.header(b"cookie")).get(
            settings.SESSION_COOKIE_NAME, ""
        )
        door = heartbeat().door
        if not await self.has_turn(door):
            return  # the next message says that it is over
        try:
            await self._sign_in()
        finally:
            door.release()

    async def _sign_in(self) -> None:
        try:
            if not self.is_same_origin:
                raise Refused("origin", "", close=NOT_ALLOWED)
            self.agent = await on_thread(
                enter, self.session_key, self.scope["url_route"]["kwargs"]["project"]
            )
        except Refused as problem:
            await self.accept()
            await self.close(problem.close)
            return
        translation.activate(self.agent.language)
        # The group first: what happens from here on is pushed, what happened before is in the
        # page's refresh. The overlap is harmless, elements have names.
        await self.channel_layer.group_add(live.agent_group(self.agent.pk), self.channel_name)
        self.console_id = await on_thread(
            attending.arrive, agent=self.agent, session_key=self.session_key
        )
        self.is_in = True
        await self.accept()
        await heartbeat().add_console(self)
        await self._replace_oldest()

    async def disconnect(self, code: int) -> None:
        heartbeat().remove(self)
        if not self.is_in:
            return
        self.is_in = False
        await on_thread(attending.leave, agent=self.agent, console_id=self.console_id)
        await self.channel_layer.group_discard(live.agent_group(self.agent.pk), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing comes up here."""
        await self.send_frame(
            type="error",
            code="down_only",
            detail=translation.gettext("This line only brings news; changes are posted."),
        )
        await self.close(BAD_INPUT)

    async def signed_out(self, event: dict[str, Any]) -> None:
        if event["session_key"] == self.session_key:
            await self.close(SIGNED_OUT)

    async def enter_again(self) -> None:
        """The lease was not renewed: most likely a right was withdrawn, and the door says which."""
        try:
            await on_thread(enter, self.session_key, self.agent.project.slug)
        except Refused as problem:
            await self.close(problem.close)
        else:
            await self.close(COME_BACK)

    async def _replace_oldest(self) -> None:
        mine = heartbeat().tabs.get(self.agent.pk, ())
        if len(mine) > MOST_CONSOLES:
            await min(mine, key=lambda console: console.console_id).close(REPLACED)


def enter(session_key: str, slug: str) -> Agent:
    """The agent behind this session, as the HTTP doors see them; Refused otherwise."""
    request = HttpRequest()
    request.session = SessionStore(session_key or None)
    user = get_user(request)
    if not user.is_authenticated:
        raise Refused("signed_out", "", close=SIGNED_OUT)
    try:
        return access.agent_for(user, slug)
    except (Http404, PermissionDenied):
        raise Refused("not_allowed", "", close=NOT_ALLOWED) from None
