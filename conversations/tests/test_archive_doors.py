"""History's pages: what a thread holds, and what the address may say."""

import re

import pytest

from agents.models import Agent, Campaign, Project
from contactcenter.testing import (
    make_agent,
    make_customer,
    make_inbox,
    ready,
    write,
)
from conversations import archive
from conversations.models import Inbox
from conversations.tests.test_archive import end, ended, sign_in

pytestmark = pytest.mark.django_db


def test_a_thread_holds_its_own_conversation_only(web: Inbox, ana: Agent) -> None:
    """20 messages, the earlier ones by pages; what was said before or after has its own row."""
    lucia = make_customer(web, "Lucía")
    ready(ana)
    first = end(ana, write(web, lucia, "first words").conversation)
    for n in range(25):
        second = write(web, lucia, f"second {n:02}").conversation
    end(ana, second)
    end(ana, write(web, lucia, "third").conversation)
    client, home = sign_in(ana), f"/p/{web.project.slug}/history/"
    page_ = client.get(f"{home}{second.pk}/", headers={"HX-Request": "true", "X-Part": "thread"})
    html = page_.content.decode()
    assert html.count('class="msg in') == 20
    assert "second 05" in html and "second 04" not in html
    assert 'class="msg in' in html and "<textarea" not in html
    oldest = second.messages.order_by("seq")[5].client_id
    older = client.get(f"{home}{second.pk}/messages/", {"before": oldest}).content.decode()
    assert older.count('class="msg in') == 5
    assert "first words" not in older
    elsewhere = first.messages.get().client_id
    answer = client.get(f"{home}{second.pk}/messages/", {"before": elsewhere})
    assert answer.status_code == 404


def test_who_serves_somebody_now_may_open_what_stands_above(shop: Project, web: Inbox) -> None:
    """R32: as far as `history_scope` lets the thread show it; no longer than they serve them."""
    sales = make_inbox(Campaign.objects.create(project=shop, name="Sales"))
    ana = make_agent(shop, "Ana", campaigns=[web.campaign])
    carla = make_agent(shop, "Carla", campaigns=[sales.campaign])
    lucia = make_customer(web, "Lucía")
    Agent.objects.filter(pk=ana.pk).update(is_available=False)
    ready(carla)
    with_carla = end(carla, write(sales, lucia, "a discount?").conversation)
    ready(ana)
    now = write(web, lucia, "and my order?").conversation
    client, home = sign_in(ana), f"/p/{shop.slug}/"
    before = f"{home}history/{with_carla.pk}/"
    assert "a discount?" in client.get(before).content.decode()
    listed = client.get(f"{home}history/", {"contact": lucia.contact_id}).content.decode()
    assert f"archived-{with_carla.pk}" in listed
    panel = client.get(f"{home}c/{now.pk}/").content.decode()
    assert before in panel
    Project.objects.filter(pk=shop.pk).update(history_scope="campaigns")
    assert client.get(before).status_code == 404
    assert before not in client.get(f"{home}c/{now.pk}/").content.decode()
    Project.objects.filter(pk=shop.pk).update(history_scope="project")
    end(ana, now)
    assert client.get(before).status_code == 404
    assert before not in client.get(f"{home}c/{now.pk}/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "agent=x&campaign=-1&inbox=1e9&typification=%D9%A1&contact=99999999999999999999",
        "from=yesterday&to=2026-02-31&before=nothing&q=%00%00",
        "from=0001-01-01&to=9999-12-31&q=" + "x" * 5000,
        "q=%25%25%25&contact=0",
    ],
)
def test_nonsense_in_the_address_is_not_asked_for(web: Inbox, ana: Agent, query: str) -> None:
    assert sign_in(ana).get(f"/p/{web.project.slug}/history/?{query}").status_code == 200


def test_the_address_holds_the_filter(web: Inbox, ana: Agent) -> None:
    """To be shared; the form's empty fields do not stand in it."""
    ended(ana, web, name="Lucía")
    home = f"/p/{web.project.slug}/history/"
    form = {"q": "luc", "agent": "", "campaign": str(web.campaign_id), "from": "2020-01-01"}
    headers = {"HX-Request": "true", "HX-Trigger": "archive-form"}
    answer = sign_in(ana).get(home, form, headers=headers)
    address = f"{home}?q=luc&campaign={web.campaign_id}&from=2020-01-01"
    assert answer.headers["HX-Push-Url"] == address
    page_ = sign_in(ana).get(address).content.decode()
    assert 'value="luc"' in page_ and 'value="2020-01-01"' in page_
    assert f'value="{web.campaign_id}" selected' in page_


def test_the_first_page_keeps_the_filter(web: Inbox, shop: Project, ana: Agent) -> None:
    (over,) = ended(ana, web)
    page = sign_in(ana).get(f"/p/{shop.slug}/history/?agent={ana.pk}&before={over.pk}")
    link = re.search(r'class="first-page"><a href="([^"]*)"', page.text)
    assert link and link[1] == f"/p/{shop.slug}/history/?agent={ana.pk}"


def test_without_a_script_the_next_page_is_a_link(
    web: Inbox, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PAGE", 2)
    oldest, middle, _newest = ended(ana, web, 3)
    home = f"/p/{web.project.slug}/history/"
    first = sign_in(ana).get(home).content.decode()
    assert f"{home}?before={middle.pk}" in first
    second = sign_in(ana).get(f"{home}?before={middle.pk}").content.decode()
    assert f"archived-{oldest.pk}" in second and f"archived-{middle.pk}" not in second
