"""/metrics: who may read it, and what a morning's work leaves there."""

import re
import uuid
from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from agents.models import Agent
from contactcenter.testing import arrivals, order_status, ready
from conversations import closing, readings
from conversations.models import Delivery, Inbox
from conversations.tests.sockets import console, webchat


def read(client: Client, **headers: str) -> int:
    return client.get("/metrics", **headers).status_code


def numbers(client: Client) -> dict[str, float]:
    """Every line of /metrics: its name with labels, and the number."""
    text = client.get("/metrics").content.decode()
    lines = re.findall(r"^(contactcenter_\S+|process_\S+) (\S+)$", text, re.MULTILINE)
    return {name: float(number) for name, number in lines}


# Who


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_may_read_it(client: Client, address: str) -> None:
    assert read(client, REMOTE_ADDR=address) == 200


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.7", "2001:db8::1", ""])
def test_a_stranger_is_told_that_there_is_nothing(client: Client, address: str) -> None:
    assert read(client, REMOTE_ADDR=address) == 404


def test_a_supervisor_is_no_operator(client: Client, sofia: Agent) -> None:
    client.force_login(sofia.user, backend="agents.backends.ModelBackend")
    assert read(client, REMOTE_ADDR="203.0.113.9") == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_whom_an_unknown_proxy_brought_is_not_of_this_machine(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_behind_our_proxies_the_visitors_own_address_counts(
    client: Client, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    told = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    assert client.get("/metrics", headers=told).status_code == 404
    told = {"X-Forwarded-For": "203.0.113.9, 127.0.0.1"}
    assert client.get("/metrics", headers=told).status_code == 200


def test_other_networks_may_be_named(client: Client, settings: Settings) -> None:
    settings.METRICS_ALLOW = [ip_network("10.0.0.0/24")]
    assert read(client, REMOTE_ADDR="10.0.0.7") == 200
    assert read(client, REMOTE_ADDR="10.0.1.7") == 404
    assert read(client) == 404


def test_with_a_token_only_the_token_counts(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-long-secret"
    for wrong in ("", "Bearer ", "Bearer another", "Bearer a-long-secre"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    right = {"Authorization": "Bearer a-long-secret"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="203.0.113.9").status_code == 200


# What


@pytest.mark.django_db(transaction=True)
def test_the_databases_facts_are_of_all_processes(client: Client, web: Inbox, ana: Agent) -> None:
    """Ana takes two of four, ends one; one of the others leaves."""
    Agent.objects.filter(pk=ana.pk).update(capacity=2)
    before = numbers(client)["contactcenter_assignments_total"]
    ready(ana)
    first, _, third, _ = arrivals(web, 4)
    closing.abandon(conversation=third)
    Agent.objects.filter(pk=ana.pk).update(capacity=1)
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    Delivery.objects.create(message=first.messages.get(), due_at=first.started_at)
    now, mine = numbers(client), f'project="{web.project.slug}"'
    assert now["contactcenter_facts_known"] == 1
    assert now[f"contactcenter_waiting{{{mine}}}"] == 1
    assert now[f"contactcenter_longest_wait_seconds{{{mine}}}"] > 0
    assert now[f"contactcenter_agents_online{{{mine}}}"] == 1
    assert now[f"contactcenter_agents_available{{{mine}}}"] == 1
    assert now[f'contactcenter_waits_ended{{outcome="assigned",{mine}}}'] == 2
    assert now[f'contactcenter_waits_ended{{outcome="abandoned",{mine}}}'] == 1
    assert now[f'contactcenter_servings_ended{{outcome="ended",{mine}}}'] == 1
    assert now["contactcenter_assignments_total"] == before + 2
    assert now["contactcenter_outbox_pending"] == 1
    assert 0 < now["contactcenter_outbox_age_seconds"] < 60
    assert now["process_resident_memory_bytes"] > 1e7


@pytest.mark.django_db
def test_the_facts_are_few_statements_however_many_projects(
    web: Inbox, mallory: Agent, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(13):
        facts = readings.read()
    assert facts.waiting == {web.project.slug: 0, mallory.project.slug: 0}


@pytest.mark.django_db(transaction=True)
async def test_messages_acks_answers_and_open_lines_are_counted(web: Inbox, ana: Agent) -> None:
    client = Client()
    before = await sync_to_async(numbers)(client)
    desk, page = await console(ana), webchat(web)
    await desk.connect()
    await page.connect()
    await page.hello()
    conversation = (await page.write())["conversation"]
    await sync_to_async(ready)(ana)
    await page.write("Is somebody there?")
    post = f"{desk.page}c/{conversation}/messages/"
    accept = f"{desk.page}availability/"
    await sync_to_async(desk.client.post)(accept, {"state": "available"})
    message = {"id": str(uuid.uuid4()), "text": "Good morning"}
    assert (await sync_to_async(desk.client.post)(post, message)).status_code == 200
    await sync_to_async(desk.client.get)(f"{desk.page}refresh/?why=gap")
    await sync_to_async(desk.client.get)(f"{desk.page}refresh/?why=<script>")
    now = await sync_to_async(numbers)(client)
    grown = {name: now[name] - before.get(name, 0) for name in now}
    assert grown['contactcenter_messages_total{author="contact"}'] == 2
    assert grown['contactcenter_messages_total{author="agent"}'] == 1
    assert grown["contactcenter_ack_seconds_count"] == 2
    assert grown["contactcenter_reply_seconds_count"] == 1
    assert grown["contactcenter_fill_seconds_count"] >= 2
    assert grown['contactcenter_refreshes_total{why="gap"}'] == 1
    assert grown['contactcenter_refreshes_total{why="other"}'] == 1
    assert grown['contactcenter_pushes_total{result="published"}'] > 0
    assert now['contactcenter_sockets{kind="console"}'] >= 1
    assert now['contactcenter_sockets{kind="visitor"}'] >= 1
    assert now["contactcenter_heartbeat_late_seconds"] < 10
    await page.disconnect()
    await desk.disconnect()


@pytest.mark.django_db(transaction=True)
def test_whatever_is_documented_or_alarmed_of_is_there_and_the_other_way_round(
    client: Client, web: Inbox
) -> None:
    docs = Path(settings.BASE_DIR) / "docs"
    text = client.get("/metrics").content.decode()
    told = set(re.findall(r"^# TYPE contactcenter_(\w+)", text, re.MULTILINE))
    _, table = (docs / "running.md").read_text().split("| name (`contactcenter_…`) |")
    table = table.split("\n\n")[0]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    named = set(re.findall(r"`(\w+)[{`]", " ".join(first)))
    assert named == told
    rules = yaml.safe_load((docs / "prometheus-alerts.yml").read_text())
    alarms = " ".join(rule["expr"] for group in rules["groups"] for rule in group["rules"])
    for name in re.findall(r"contactcenter_(\w+)", alarms):
        assert name in told or name.removesuffix("_bucket") in told, name
