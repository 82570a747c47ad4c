"""Typifications in the supervisors' site: added and offered at once, retired, never lost (R74)."""

from typing import Any

import pytest
from django.test import Client

from agents.models import Agent, Project
from agents.tests.supervising import page, site
from contactcenter.testing import arrivals, order_status, ready, write
from conversations import closing
from conversations.models import Conversation, Inbox, Typification

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db


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
