"""Customers' work in the supervisors' site: history is shown, what shapes work is changed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agents.models import Agent, Campaign, Project
from contactcenter.testing import arrivals, make_inbox, order_status, ready, write
from conversations import closing, outbound, routing
from conversations.admin import found
from conversations.models import (
    Assignment,
    Contact,
    Conversation,
    FormField,
    Identity,
    Inbox,
    Message,
    QueueEntry,
    Typification,
)
from media import rules
from media.starting import WEB_CHAT

pytestmark = pytest.mark.django_db

READ_ONLY = ["conversation", "queueentry", "assignment", "delivery"]


@pytest.fixture
def site(sofia: Agent) -> Client:
    client = Client()
    client.force_login(sofia.user, backend="agents.backends.ModelBackend")
    return client


def page(model: str, what: str, *arguments: object) -> str:
    return reverse(f"admin:conversations_{model}_{what}", args=arguments)


# Finding somebody


@pytest.mark.parametrize("model", ["contact", "conversation"])
@pytest.mark.parametrize("words", ["ía rom", "ROMERO", "mer lucí", "WEB-8f3k2a", " web-8F3K2A "])
def test_a_customer_is_found_by_any_part_of_the_name_or_by_the_whole_id(
    site: Client, web: Inbox, model: str, words: str
) -> None:
    lucia, _pablo = (write(web).conversation for _ in range(2))
    Contact.objects.filter(pk=lucia.contact_id).update(name="Lucía Romero")
    Identity.objects.filter(pk=lucia.identity_id).update(value="web-8F3K2A")
    found = site.get(page(model, "changelist"), {"q": words}).context["cl"].result_list
    assert [str(row) for row in found] == ["Lucía Romero"]


@pytest.mark.parametrize("model", ["contact", "conversation"])
@pytest.mark.parametrize("words", ["Lucía Gómez", "web-8F3K"])
def test_half_an_id_and_another_surname_find_nobody(
    site: Client, web: Inbox, model: str, words: str
) -> None:
    lucia = write(web).conversation
    Contact.objects.filter(pk=lucia.contact_id).update(name="Lucía Romero")
    Identity.objects.filter(pk=lucia.identity_id).update(value="web-8F3K2A")
    assert not site.get(page(model, "changelist"), {"q": words}).context["cl"].result_list


def test_a_name_is_found_by_its_index_not_by_reading_everybody(shop: Project) -> None:
    Contact.objects.bulk_create(Contact(project=shop, name=f"Pablo {n}") for n in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('contact_name_trigrams')")  # as vacuum does
        cursor.execute("ANALYZE conversations_contact")
    assert "contact_name_trigrams" in found("Lucía", {"project__in": [shop.pk]}).explain()


# History


def test_a_conversation_tells_its_whole_story(site: Client, web: Inbox, ana: Agent) -> None:
    """Who said what, how long it waited, who had it and why."""
    ready(ana)
    message = write(web, text="<b>Where</b> is my lamp?")
    conversation = message.conversation
    outbound.send(
        agent=ana, conversation=conversation, client_id=message.client_id, text="On its way"
    )
    closing.end(agent=ana, conversation=conversation, typification=order_status(web.project))
    text = site.get(page("conversation", "change", conversation.pk)).text
    assert "&lt;b&gt;Where&lt;/b&gt; is my lamp?" in text
    assert "On its way" in text
    assert "Ana had 0 open conversations and was the only one ready." in text
    assert "Order status" in text


def test_why_it_waits_stands_in_the_queue_entry(site: Client, web: Inbox, ana: Agent) -> None:
    arrivals(web, 1)
    entry = QueueEntry.objects.get()
    text = site.get(page("queueentry", "change", entry.pk)).text
    assert "None of its agents is connected." in text


def test_why_names_those_who_were_passed_over(
    site: Client, web: Inbox, ana: Agent, bruno: Agent
) -> None:
    ready(ana)
    arrivals(web, 1)
    text = site.get(page("assignment", "changelist")).text
    assert "Passed over: Bruno (not available)." in text


@pytest.mark.parametrize("model", READ_ONLY)
def test_history_is_never_added_to_or_changed_by_hand(
    site: Client, web: Inbox, ana: Agent, model: str
) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    assert site.get(page(model, "add")).status_code == 403
    row = {
        "conversation": conversation,
        "queueentry": conversation.queue_entries.get(),
        "assignment": conversation.assignments.get(),
        "delivery": None,
    }[model]
    if row:
        assert site.post(page(model, "change", row.pk), {"comment": "forged"}).status_code == 403
        assert site.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("state", "count"), [("queued", 2), ("assigned", 1), ("ended", 1)])
def test_conversations_are_found_by_their_state(
    site: Client, web: Inbox, ana: Agent, state: str, count: int
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    ready(ana)
    first, *_ = arrivals(web, 4)
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    listed = site.get(page("conversation", "changelist"), {"state": state})
    assert listed.context["cl"].result_count == count


def test_a_customers_secret_is_nowhere(site: Client, lucia: Identity) -> None:
    text = site.get(page("contact", "change", lucia.contact_id)).text
    assert lucia.value in text
    assert lucia.secret not in text
    values = {"name": "Lucía", "language": "en", "secret": "x", "value": "web-FORGED"}
    site.post(page("contact", "change", lucia.contact_id), values)
    assert Identity.objects.get(pk=lucia.pk).value == lucia.value


def test_a_customers_name_can_be_put_right(site: Client, lucia: Identity) -> None:
    site.post(page("contact", "change", lucia.contact_id), {"name": "Lucía Ramos"})
    assert Contact.objects.get(pk=lucia.contact_id).name == "Lucía Ramos"


# Typifications


def typification_form(project: Project, **changed: Any) -> dict[str, Any]:
    return {"project": project.pk, "name": "Refund", "order": 0, "is_active": True, **changed}


def test_a_new_typification_is_offered_at_once(site: Client, shop: Project, web: Inbox) -> None:
    """R74."""
    group = Typification.objects.get(project=shop, name="Order")
    site.post(page("typification", "add"), typification_form(shop, parent=group.pk))
    offered = closing.offered(write(web).conversation)
    assert "Refund" in {typification.name for typification in offered}


def test_the_same_name_twice_is_refused_in_words(site: Client, shop: Project) -> None:
    group = Typification.objects.get(project=shop, name="Order")
    values = typification_form(shop, name="Order status", parent=group.pk)
    assert "This name is there already." in site.post(page("typification", "add"), values).text
    complaint = Typification.objects.get(project=shop, name="Complaint")
    changed = site.post(page("typification", "change", complaint.pk), values)
    assert "This name is there already." in changed.text


def test_the_tree_has_two_levels(site: Client, shop: Project) -> None:
    group = Typification.objects.get(project=shop, name="Order")
    leaf = order_status(shop)
    below_a_leaf = typification_form(shop, parent=leaf.pk)
    assert site.post(page("typification", "add"), below_a_leaf).status_code == 200
    other = Typification.objects.create(project=shop, name="Other")
    group_in_group = typification_form(shop, name="Order", parent=other.pk)
    response = site.post(page("typification", "change", group.pk), group_in_group)
    assert "This is a group itself" in response.text
    itself = site.post(
        page("typification", "change", other.pk),
        typification_form(shop, name="Other", parent=other.pk),
    )
    assert itself.status_code == 200
    assert not Typification.objects.filter(parent__parent__isnull=False).exists()


def test_a_used_typification_is_retired_not_deleted(
    site: Client, shop: Project, web: Inbox, ana: Agent
) -> None:
    """It keeps its name in old records and is offered no more."""
    used = order_status(shop)
    ready(ana)
    (conversation,) = arrivals(web, 1)
    closing.end(agent=ana, conversation=conversation, typification=used)
    delete = page("typification", "delete", used.pk)
    assert site.post(delete, {"post": "yes"}).status_code == 403
    values = typification_form(shop, name=used.name, parent=used.parent_id)
    del values["is_active"]
    site.post(page("typification", "change", used.pk), values)
    assert used not in closing.offered(write(web).conversation)
    assert str(Conversation.objects.get(pk=conversation.pk).typification) == "Order status"


def test_an_unused_typification_can_be_deleted_a_group_with_others_not(
    site: Client, shop: Project
) -> None:
    unused = order_status(shop)
    assert site.post(page("typification", "delete", unused.parent_id)).status_code == 403
    response = site.post(page("typification", "delete", unused.pk), {"post": "yes"})
    assert response.status_code == 302
    assert not Typification.objects.filter(pk=unused.pk).exists()


def test_the_reserved_ones_are_looked_at_only(site: Client, web: Inbox) -> None:
    conversation = write(web).conversation
    closing.abandon(conversation=conversation)
    reserved = Typification.objects.get(project=web.project, reserved="abandoned")
    assert site.get(page("typification", "change", reserved.pk)).status_code == 200
    values = typification_form(web.project, name="Mine", reserved="")
    assert site.post(page("typification", "change", reserved.pk), values).status_code == 403
    assert site.post(page("typification", "delete", reserved.pk)).status_code == 403
    below = typification_form(web.project, parent=reserved.pk)
    assert site.post(page("typification", "add"), below).status_code == 200
    assert not reserved.children.exists()


# Channels


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


def test_what_was_answered_before_the_chat_stands_on_the_contacts_page(
    site: Client, web: Inbox, lucia: Identity
) -> None:
    lucia.contact.details = {"Email": "<i>lucia</i>@example.com", "Order": ""}
    lucia.contact.save()
    text = site.get(page("contact", "change", lucia.contact_id)).text
    assert "Email: &lt;i&gt;lucia&lt;/i&gt;@example.com" in text
    assert "Order" not in text


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


def test_lists_ask_the_same_number_of_questions_however_long_they_are(
    site: Client, shop: Project, web: Inbox, ana: Agent, django_assert_max_num_queries: Any
) -> None:
    ready(ana)
    make_inbox(web.campaign)
    arrivals(web, 9)
    routing.fill(shop.pk)
    assert Assignment.objects.count() == 6
    assert Message.objects.count() == 9
    for model in ("conversation", "queueentry", "assignment", "contact", "inbox"):
        with django_assert_max_num_queries(20):
            site.get(page(model, "changelist"))
