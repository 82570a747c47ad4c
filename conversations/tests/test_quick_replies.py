"""Quick replies: whose they are, what is filled in, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from agents.models import Agent, Campaign, Project
from contactcenter.testing import at_once, make_agent, make_customer, ready, write
from conversations import access, quick_replies
from conversations.models import Conversation, Inbox, QuickReply

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web, make_customer(web, "Lucía")).conversation


@pytest.fixture
def vera(shop: Project) -> Agent:
    """Supervises, and answers customers too."""
    return make_agent(shop, "Vera", is_supervisor=True)


def save(agent: Agent, shortcut: str, text: str = "Hello", **options: object) -> QuickReply:
    values = {"reply": None, **options}
    return quick_replies.keep(agent=agent, shortcut=shortcut, text=text, **values)  # type: ignore[arg-type]


def shortcuts(agent: Agent) -> list[str]:
    return [reply.shortcut for reply in quick_replies.for_agent(agent)]


def test_one_reads_ones_own_and_the_shared_ones_of_ones_campaigns(
    shop: Project, support: Campaign, ana: Agent, bruno: Agent, vera: Agent
) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    save(ana, "mine")
    save(bruno, "his")
    save(vera, "all", is_shared=True)
    save(vera, "support", is_shared=True, campaign=support)
    save(vera, "sales", is_shared=True, campaign=sales)
    assert shortcuts(ana) == ["all", "mine", "support"]
    assert [reply.shortcut for reply in quick_replies.shared_with(ana)] == ["all", "support"]
    assert len(quick_replies.shared_with(vera)) == 3


def test_in_a_conversation_its_own_campaigns_are_offered(
    shop: Project, ana: Agent, vera: Agent, held: Conversation
) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    ana.campaigns.add(sales)
    save(vera, "sales", is_shared=True, campaign=sales)
    save(vera, "support", is_shared=True, campaign=held.campaign)
    assert [reply.shortcut for reply, _text in quick_replies.offered(ana, held)] == ["support"]


@pytest.mark.parametrize(
    ("name", "text", "filled"),
    [
        (
            "Lucía",
            "Hello {contact}, {agent} of {campaign} here.",
            "Hello Lucía, Ana of Support here.",
        ),
        ("", "Hello {contact}, how are you?", "Hello, how are you?"),
        ("", "{contact}, how are you?", "how are you?"),
        ("", "Dear {contact} we are here", "Dear we are here"),
        ("", "One\n{contact}: two", "One\ntwo"),
        ("", "Bye {contact}", "Bye"),
        ("", "Bye, {contact}. Come again, {contact}!", "Bye. Come again!"),
        ("", "Thank you, from {campaign}, {contact}. Bye.", "Thank you, from Support. Bye."),
        ("", "Well, {contact}, yes", "Well, yes"),
        ("", "Well, {contact} yes", "Well, yes"),
        ("", "{contact} {contact}", ""),
        ("{agent}", "Hello {contact}", "Hello agent"),
        ("{{contact}}", "Hello {contact}", "Hello contact"),
        ("Lucía", "{Contact} { contact } {other} {0} %(contact)s", None),
    ],
)
def test_the_names_are_filled_in_and_a_missing_one_leaves_nothing(
    ana: Agent, held: Conversation, name: str, text: str, filled: str | None
) -> None:
    held.contact.name = name
    result = quick_replies.fill_in(text, ana, held)
    assert result == (text if filled is None else filled)
    assert quick_replies.left_blank(result) == ""


def test_what_nobody_filled_in_is_found() -> None:
    assert quick_replies.left_blank("Hello {contact}, {agent}") == "{contact}"
    assert quick_replies.left_blank("Hello {you}") == ""


@pytest.mark.parametrize(
    ("shortcut", "text", "field"),
    [
        ("", "Hello", "shortcut"),
        ("two words", "Hello", "shortcut"),
        ("a/b", "Hello", "shortcut"),
        ("x" * 31, "Hello", "shortcut"),
        ("hello", "", "text"),
        ("hello", "x" * 4097, "text"),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(
    ana: Agent, shortcut: str, text: str, field: str
) -> None:
    with pytest.raises(ValidationError) as problem:
        save(ana, shortcut, text)
    assert list(problem.value.message_dict) == [field]
    assert not QuickReply.objects.exists()


def test_a_shortcut_is_there_once_for_each_and_may_be_shared_beside(
    ana: Agent, bruno: Agent, vera: Agent
) -> None:
    save(ana, "hello")
    save(bruno, "hello")
    save(vera, "hello", is_shared=True)
    with pytest.raises(ValidationError) as problem:
        save(ana, "hello")
    assert problem.value.message_dict == {"shortcut": ["This shortcut is there already."]}


def test_only_supervisors_share_and_change_what_is_shared(ana: Agent, vera: Agent) -> None:
    with pytest.raises(ValidationError):
        save(ana, "hello", is_shared=True)
    shared, own = save(vera, "hello", is_shared=True), save(vera, "mine")
    assert access.reply_for(vera, shared.pk) == shared
    for reply in (shared, own):
        with pytest.raises(Http404):
            access.reply_for(ana, reply.pk)


def test_what_was_deleted_meanwhile_does_not_come_back(ana: Agent) -> None:
    reply = save(ana, "hello")
    quick_replies.discard(reply=reply)
    with pytest.raises(quick_replies.Gone):
        save(ana, "hello", "changed", reply=reply)
    assert not QuickReply.objects.exists()


def test_mallory_reaches_none(ana: Agent, mallory: Agent) -> None:
    with pytest.raises(Http404):
        access.reply_for(mallory, save(ana, "hello").pk)
    assert shortcuts(mallory) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_shortcut_twice_at_once_is_one(ana: Agent) -> None:
    def again() -> str:
        try:
            return save(ana, "hello").shortcut
        except ValidationError as problem:
            return problem.message_dict["shortcut"][0]

    assert sorted(at_once([again] * 4)) == ["This shortcut is there already."] * 3 + ["hello"]
    assert QuickReply.objects.count() == 1
