"""Channels in the supervisors' site: who may frame them, where they lead, what they ask first."""

from typing import Any

import pytest
from django.test import Client

from agents.models import Agent, Campaign, Project
from agents.tests.supervising import page, site
from contactcenter.testing import write
from conversations.models import Conversation, FormField, Inbox
from media import rules
from media.starting import WEB_CHAT

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db


def inbox_form(campaign: Campaign, **changed: Any) -> dict[str, Any]:
    return {
        "project": campaign.project_id,
        "campaign": campaign.pk,
        "kind": "webchat",
        "key": "new-shop-chat",
        "name": "New chat",
        "is_active": True,
        "media_rules": rules.establish(campaign.project)[WEB_CHAT].pk,
        "origins": "https://shop.example,https://www.shop.example:8443",
        **form_fields(),
        **changed,
    }


def form_fields(*rows: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    """The questions as the channel's page sends them; the first `stored` are there already."""
    sent = {"form_fields-TOTAL_FORMS": len(rows), "form_fields-INITIAL_FORMS": stored}
    for number, row in enumerate(rows):
        sent |= {f"form_fields-{number}-{name}": value for name, value in row.items()}
    return sent


NAME = {"position": 0, "label": "Your name", "kind": "name", "is_required": "on"}
EMAIL = {"position": 1, "label": "Email <b>", "kind": "email"}


def test_a_form_before_the_chat_is_made_on_the_channels_page(
    site: Client, web: Inbox, support: Campaign
) -> None:
    sent = inbox_form(support, name=web.name, **form_fields(EMAIL, NAME))
    assert site.post(page("inbox", "change", web.pk), sent).status_code == 302
    asked = [(f.label, f.kind, f.is_required) for f in web.form_fields.all()]
    assert asked == [("Your name", "name", True), ("Email <b>", "email", False)]
    text = site.get(page("inbox", "change", web.pk)).text
    assert "Email &lt;b&gt;" in text
    assert "Email <b>" not in text


def test_the_same_question_twice_is_a_sentence(site: Client, web: Inbox, support: Campaign) -> None:
    sent = inbox_form(support, name=web.name, **form_fields(NAME, NAME))
    answer = site.post(page("inbox", "change", web.pk), sent)
    assert "correct the duplicate" in answer.text
    assert not web.form_fields.exists()


def test_another_channels_questions_cannot_be_changed_through_ours(
    site: Client, web: Inbox, support: Campaign, mallory: Agent
) -> None:
    clinic = Inbox.objects.get(project=mallory.project_id)
    theirs = FormField.objects.create(inbox=clinic, label="Card")
    row = {"id": theirs.pk, "inbox": web.pk, "position": 0, "label": "Stolen", "kind": "text"}
    sent = inbox_form(support, name=web.name, **form_fields(row, stored=1))
    site.post(page("inbox", "change", web.pk), sent)
    assert site.post(page("inbox", "change", clinic.pk), sent).status_code in {302, 404}
    theirs.refresh_from_db()
    assert (theirs.label, theirs.inbox) == ("Card", clinic)


def test_a_new_channel_works_at_once(site: Client, support: Campaign) -> None:
    assert site.post(page("inbox", "add"), inbox_form(support)).status_code == 302
    inbox = Inbox.objects.get(key="new-shop-chat")
    assert inbox.origins == ["https://shop.example", "https://www.shop.example:8443"]
    assert Client().get("/webchat/new-shop-chat/").status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["shop.example", "https://shop.example/path", "*; script-src *", "https://a b", "javascript:x"],
)
def test_nothing_but_addresses_gets_into_the_header_that_names_them(
    site: Client, support: Campaign, origin: str
) -> None:
    response = site.post(page("inbox", "add"), inbox_form(support, origins=origin))
    assert response.status_code == 200
    assert not Inbox.objects.filter(key="new-shop-chat").exists()


def test_the_key_in_customers_pages_does_not_change(site: Client, web: Inbox) -> None:
    key = web.key
    values = inbox_form(web.campaign, key="other", kind="api", name="Renamed")
    assert site.post(page("inbox", "change", web.pk), values).status_code == 302
    web.refresh_from_db()
    assert (web.key, web.kind, web.name) == (key, "webchat", "Renamed")


def test_a_channel_leads_to_no_other_projects_and_no_closed_campaign(
    site: Client, shop: Project, mallory: Agent
) -> None:
    foreign = mallory.project.campaigns.get()
    for values in (
        inbox_form(foreign),
        inbox_form(foreign, project=shop.pk),
        inbox_form(Campaign.objects.create(project=shop, name="Old", is_active=False)),
    ):
        assert site.post(page("inbox", "add"), values).status_code == 200
    assert not Inbox.objects.filter(key="new-shop-chat").exists()


def test_a_channel_of_another_campaign_changes_new_conversations_only(
    site: Client, shop: Project, web: Inbox
) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    before = write(web).conversation
    site.post(page("inbox", "change", web.pk), inbox_form(sales, name=web.name))
    web.refresh_from_db()
    after = write(web).conversation
    assert Conversation.objects.get(pk=before.pk).campaign != sales
    assert Conversation.objects.get(pk=after.pk).campaign == sales
