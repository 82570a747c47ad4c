"""The directory: who is listed, and what a list of a thousand costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Project, User
from contactcenter.testing import make_agent, make_project, write
from conversations.models import Inbox
from internalchat import directory
from internalchat.templatetags import internal as tags
from internalchat.tests.writing import internal, say, sign_in

pytestmark = pytest.mark.django_db


def test_the_directory_lists_everybody_else_of_the_project(
    team: tuple[Agent, Agent], shop: Project, web: Inbox
) -> None:
    ana, bruno = team
    make_agent(shop, "Gone", is_active=False)
    make_agent(shop, "Boss", is_agent=False, is_supervisor=True)
    make_agent(make_project("Elsewhere"), "Mallory")
    twin = make_agent(shop, "Bruno")
    write(web)
    write(web)
    listed = {one.pk: one for one in directory.colleagues(ana)}
    assert set(listed) == {bruno.pk, twin.pk}
    one, other = listed[bruno.pk], listed[twin.pk]
    assert one[3:] == (("Support",), True, True, "", 6, 1, True)
    assert (other.is_active, other.load, other.pause) == (False, 0, "")


def crowd(shop: Project, count: int) -> None:
    users = [User(username=f"crowd-{n}", first_name=f"Agent {n}") for n in range(count)]
    made = User.objects.bulk_create(users)
    agents = Agent.objects.bulk_create([Agent(project=shop, user=user) for user in made])
    campaign = shop.campaigns.get()
    campaign.agents.add(*agents)


def test_a_thousand_are_listed_with_as_many_statements_as_three(
    team: tuple[Agent, Agent], shop: Project
) -> None:
    """And each row is rendered once, until something about its agent changes."""
    ana, bruno = team
    client, path = sign_in(ana), internal(shop, "agents")
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    crowd(shop, 1_000)
    tags._row.cache_clear()
    with CaptureQueriesContext(connection) as many:
        page = client.get(path).text
    assert page.count('<li id="agent-') == 1_001
    assert len(many) == len(few)
    Agent.objects.filter(pk=bruno.pk).update(is_available=False, availability_reason="Lunch")
    assert "Lunch" in client.get(path).text
    assert tags._row.cache_info().misses == 1_002


def test_what_was_seen_is_not_sent_again_until_it_changes(
    team: tuple[Agent, Agent], shop: Project, web: Inbox
) -> None:
    ana, bruno = team
    client, path = sign_in(ana), internal(shop, "agents")
    seen = client.get(path).headers["X-State"]
    again = client.get(path, {"seen": seen})
    assert (again.status_code, again.content) == (204, b"")
    write(web)
    write(web)
    changed = client.get(path, {"seen": seen})
    assert changed.status_code == 200 and changed.headers["X-State"] != seen
    with_chat = {"seen": changed.headers["X-State"], "conversation": str(say(ana, bruno).chat_id)}
    assert client.get(path, with_chat).status_code == 200  # who the colleague is, too
    assert client.get(path, {"seen": "x" * 5_000}).status_code == 200


def test_the_button_is_the_last_of_the_toolbar_whoever_looks(shop: Project) -> None:
    for role in ({}, {"is_supervisor": True}):
        page = sign_in(make_agent(shop, "Ana", **role)).get(internal(shop)).text
        rail = page[page.index('<nav class="rail"') : page.index("</nav>")]
        last = rail[rail.rindex("<a ") :]
        assert 'data-testid="toolbar-internal-chat"' in last
        assert "<button" not in last and "<form" not in last
