"""What a page says of its visitor in its hello, and whom we know them as."""

from typing import Any

from django.utils import translation

from agents.sockets import Refused, on_thread
from conversations import contacts
from conversations.models import Identity, Inbox
from conversations.transports.webchat import form, transport, visitors


def form_first() -> Refused:
    return Refused("form_first", translation.gettext("Please answer the questions first."))


class Introduction:
    """One page's. `token` is empty until it said hello, `asked` the channel's form as it stands for
    this visitor since then."""

    asked: form.Form
    given: form.Given | None = None
    token = ""
    name = ""
    language = "en"

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def hear(self, hello: dict[str, Any]) -> Identity | None:
        """Who they are, None for nobody yet; what is said on this socket is in their language."""
        self.language = transport.language_of(hello)
        translation.activate(self.language)
        is_known = self._take_token(hello.get("token"))
        self.name = transport.name_of(hello)
        given = form.given_in(hello)
        self.given = self.given if given is None else given
        if is_known:
            return await self.look_again()
        await self._take_form(None)
        return None

    async def look_again(self) -> Identity | None:
        """Who we are by now: this visitor's other page may have answered and written."""
        identity = await on_thread(visitors.find, self.inbox.project, self.token)
        await self._take_form(identity)
        return identity

    async def make_contact(self) -> Identity:
        """With their first line a visitor becomes a contact, once the form is answered."""
        if not self.asked.stands:
            return await on_thread(
                visitors.find_or_create, self.inbox.project, self.token, **self._said()
            )
        identity = await self.look_again()
        if identity is None:
            raise form_first()
        return identity

    async def keep(self, identity: Identity) -> None:
        """With the contact: the newest name, language and answers are shown to agents."""
        await on_thread(contacts.introduce, identity, **self._said())

    def _take_token(self, token: object) -> bool:
        """False for a token that is made now: nobody has it yet. Another token is another person:
        what the first one answered is not theirs."""
        before, is_known = self.token, visitors.is_token(token)
        self.token = str(token) if is_known else visitors.new_token()
        if before != self.token:
            self.given = None
        return is_known

    async def _take_form(self, identity: Identity | None) -> None:
        """The questions as they stand now: another page may have answered them."""
        contact = identity.contact if identity else None
        self.asked = await on_thread(form.form_for, self.inbox, self.given, contact, self.name)

    def _said(self) -> dict[str, Any]:
        return {
            "name": self.asked.given_name[: transport.MOST_NAME] or self.name,
            "language": self.language,
            "details": self.asked.details,
        }
