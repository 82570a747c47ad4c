"""Projects and campaigns in the supervisors' site: what is typed, and what follows from it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents import presence
from agents.models import Agent, Campaign, Project
from agents.tests.supervising import save, served, site
from contactcenter.testing import arrivals, holder_of, ready
from conversations import attending
from conversations.models import Inbox

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db


def project_form(project: Project, **changed: Any) -> dict[str, Any]:
    minutes = round(project.release_grace.total_seconds() / 60)
    return {
        "name": project.name,
        "time_zone": project.time_zone,
        "capacity": project.capacity,
        "release_grace": minutes,
        "open_within": 0,
        "most_missed": 0,
        "history_scope": project.history_scope,
        "archive_scope": project.archive_scope,
        "internal_reading": project.internal_reading,
        "administrator_contact": project.administrator_contact,
        "support_address": project.support_address,
        **changed,
    }


def test_a_higher_project_limit_gives_out_work_at_once(
    site: Client, shop: Project, web: Inbox, ana: Agent
) -> None:
    Project.objects.filter(pk=shop.pk).update(capacity=1)
    shop.refresh_from_db()
    ready(ana)
    arrivals(web, 3)
    assert served(ana) == 1
    assert save(site, shop, project_form(shop, capacity=2)).status_code == 302
    assert served(ana) == 2


def test_the_grace_is_typed_in_minutes_and_the_zone_chosen(site: Client, shop: Project) -> None:
    save(site, shop, project_form(shop, release_grace=12, time_zone="America/Bogota"))
    shop.refresh_from_db()
    assert shop.release_grace.total_seconds() == 12 * 60
    assert shop.time_zone == "America/Bogota"
    assert save(site, shop, project_form(shop, time_zone="Moon/Crater")).status_code == 200


def test_the_address_of_a_project_does_not_change(site: Client, shop: Project) -> None:
    slug = shop.slug
    save(site, shop, project_form(shop, slug="other", name="Other"))
    shop.refresh_from_db()
    assert (shop.slug, shop.name) == (slug, "Other")


def campaign_form(**changed: Any) -> dict[str, Any]:
    usual = {
        "name": "Support",
        "is_active": True,
        "leave_after": 5,
        "ending_grace": 0,
        "wrap_up": 0,
        "silent_after": 0,
        "silent_end_after": 5,
    }
    return {name: value for name, value in (usual | changed).items() if value is not False}


def test_patience_and_thanks_are_typed_in_minutes_and_wrap_up_in_seconds(
    site: Client, support: Campaign
) -> None:
    page = reverse("admin:agents_campaign_change", args=[support.pk])
    assert 'name="leave_after" value="5"' in site.get(page).text
    assert save(site, support, campaign_form(leave_after=0, ending_grace=10)).status_code == 302
    support.refresh_from_db()
    assert support.leave_after.total_seconds() == 0
    assert support.ending_grace.total_seconds() == 10 * 60
    assert save(site, support, campaign_form(wrap_up=90)).status_code == 302
    support.refresh_from_db()
    assert support.wrap_up.total_seconds() == 90
    assert 'name="wrap_up" value="90"' in site.get(page).text
    assert save(site, support, campaign_form(leave_after=-1)).status_code == 200
    assert save(site, support, campaign_form(ending_grace="soon")).status_code == 200


def test_a_campaign_that_a_channel_leads_to_cannot_be_closed(
    site: Client, support: Campaign
) -> None:
    response = save(site, support, campaign_form(is_active=False))
    assert "A channel leads here" in response.text
    support.refresh_from_db()
    assert support.is_active


def test_whoever_waits_in_a_closed_campaign_is_served_as_before(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    """Its channel leads elsewhere by now: nobody new enters, nobody is thrown out."""
    (waiting,) = arrivals(web, 1)
    web.campaign = Campaign.objects.create(project=support.project, name="Sales")
    web.save()
    page = save(site, support, campaign_form(is_active=False))
    assert "1 person still waits here, and is served as before." in site.get(page.url).text
    presence.arrive(agent=ana, session_key="x")
    attending.accept(agent=ana)
    assert holder_of(waiting) == ana
    page = save(site, support, campaign_form(is_active=False))
    assert "still waits here" not in site.get(page.url).text


def test_a_campaign_that_opens_again_gives_out_what_waits(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    Campaign.objects.filter(pk=support.pk).update(is_active=False)
    support.refresh_from_db()
    ana.campaigns.clear()
    ready(ana)
    (waiting,) = arrivals(web, 1)
    ana.campaigns.add(support)  # by a hand that forgot the queue
    assert holder_of(waiting) is None
    save(site, support, campaign_form(is_active=True))
    assert holder_of(waiting) == ana


def test_a_campaigns_name_is_there_once_in_a_project(site: Client, shop: Project) -> None:
    add = reverse("admin:agents_campaign_add")
    assert site.post(add, {"project": shop.pk, **campaign_form()}).status_code == 200
    second = Campaign.objects.create(project=shop, name="Sales")
    assert save(site, second, campaign_form()).status_code == 200
    assert save(site, second, campaign_form(name="After-sales")).status_code == 302
    assert shop.campaigns.filter(name="Support").count() == 1
