"""Supervisors change what a channel takes; the box and the check follow (R36)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent, Project
from contactcenter.testing import make_supervisor
from media.models import MediaRule, MediaRuleSet
from media.starting import MEGABYTE

pytestmark = pytest.mark.django_db


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def page(rule_set: MediaRuleSet) -> str:
    return reverse("admin:media_mediaruleset_change", args=[rule_set.pk])


@pytest.fixture
def web_chat(shop: Project) -> MediaRuleSet:
    return shop.media_rule_sets.get(name="Web chat")


def form_of(client: Client, rule_set: MediaRuleSet) -> dict[str, Any]:
    """As the browser sends it back."""
    shown = client.get(page(rule_set))
    (rows,) = shown.context["inline_admin_formsets"]
    bounds = [*rows.formset.management_form, *(b for form in rows.formset.forms for b in form)]
    data = {bound.html_name: bound.value() for bound in bounds}
    return {"name": rule_set.name, **{k: v for k, v in data.items() if v not in (None, False)}}


def test_a_project_begins_with_three_sets(shop: Project) -> None:
    sets = shop.media_rule_sets.values_list("name", flat=True)
    assert set(sets) == {"Web chat", "WhatsApp", "Internal chat"}
    for rule_set in shop.media_rule_sets.all():
        assert rule_set.rules.count() == 4


def test_a_form_sent_back_as_it_came_changes_nothing(web_chat: MediaRuleSet, sofia: Agent) -> None:
    before = list(web_chat.rules.values())
    client = signed_in(sofia)
    assert client.post(page(web_chat), form_of(client, web_chat)).status_code == 302
    assert list(web_chat.rules.values()) == before


def test_a_limit_is_typed_in_megabytes(web_chat: MediaRuleSet, sofia: Agent) -> None:
    client = signed_in(sofia)
    form = form_of(client, web_chat)
    assert float(form["rules-0-most_bytes"]) == 5
    form |= {"rules-0-most_bytes": "2.5", "rules-0-formats": ["png"]}
    assert client.post(page(web_chat), form).status_code == 302
    rule = web_chat.rules.get(kind="image")
    assert (rule.most_bytes, rule.formats) == (2.5 * MEGABYTE, ["png"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules-0-most_bytes": "101"},
        {"rules-0-most_bytes": "0"},
        {"rules-0-most_bytes": "x"},
        {"rules-0-formats": ["exe"]},
        {"rules-0-formats": ["mp4"]},
        {"rules-0-formats": ["heic"]},
        {"rules-0-formats": []},
    ],
)
def test_what_no_rule_can_say(web_chat: MediaRuleSet, sofia: Agent, wrong: dict[str, Any]) -> None:
    client, before = signed_in(sofia), list(web_chat.rules.values())
    assert client.post(page(web_chat), form_of(client, web_chat) | wrong).status_code == 200
    assert list(web_chat.rules.values()) == before


def test_no_rule_is_added_and_none_removed(web_chat: MediaRuleSet, sofia: Agent) -> None:
    client = signed_in(sofia)
    form = form_of(client, web_chat) | {"rules-0-DELETE": "on", "rules-TOTAL_FORMS": "5"}
    form |= {"rules-4-kind": "image", "rules-4-most_bytes": "1", "rules-4-formats": ["png"]}
    client.post(page(web_chat), form)
    assert web_chat.rules.count() == 4


def test_a_rule_of_another_project_is_out_of_reach(web_chat: MediaRuleSet, mallory: Agent) -> None:
    olga = make_supervisor(mallory.project, "Olga")
    theirs = mallory.project.media_rule_sets.get(name="Web chat")
    client, before = signed_in(olga), list(web_chat.rules.values())
    assert client.get(page(web_chat)).status_code == 302
    form = form_of(client, theirs)
    own, foreign = theirs.rules.first(), web_chat.rules.first()
    assert own
    assert foreign
    form |= {"rules-0-id": foreign.pk, "rules-0-most_bytes": "1"}
    client.post(page(theirs), form)
    client.post(page(web_chat), form)
    assert list(web_chat.rules.values()) == before
    assert MediaRule.objects.filter(rule_set=theirs).count() == 4
