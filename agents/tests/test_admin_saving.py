"""What a supervisor changes takes effect at once, and nothing else can be changed (R4, R6, R17)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from agents import presence
from agents.models import Agent, AvailabilityChange, Campaign, ConsoleSession, Project, User
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    holder_of,
    make_agent,
    make_project,
    make_supervisor,
    ready,
)
from conversations import attending, routing
from conversations.models import Assignment, Inbox

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "a lamp in the window 7"


@pytest.fixture
def site(sofia: Agent) -> Client:
    return signed_in(sofia)


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def agent_form(agent: Agent, **changed: Any) -> dict[str, Any]:
    """What the browser sends for an agent: unchecked boxes are not sent."""
    values = {
        "campaigns": [campaign.pk for campaign in agent.campaigns.all()],
        "language": agent.language,
        "capacity": "" if agent.capacity is None else agent.capacity,
        "is_active": agent.is_active,
        "is_agent": agent.is_agent,
        "is_supervisor": agent.is_supervisor,
        **changed,
    }
    return {name: value for name, value in values.items() if value is not False}


def save(site: Client, row: Any, values: dict[str, Any]) -> Any:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return site.post(reverse(name, args=[row.pk]), values)


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


def served(agent: Agent) -> int:
    return Assignment.objects.filter(agent=agent, ended_at=None).count()


# Work becomes possible


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


def test_a_higher_limit_of_one_agent_gives_out_work_at_once(
    site: Client, web: Inbox, ana: Agent
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=0)
    ana.refresh_from_db()
    ready(ana)
    arrivals(web, 2)
    save(site, ana, agent_form(ana, capacity=2))
    assert served(ana) == 2


def test_a_lower_limit_takes_nothing_away(site: Client, web: Inbox, ana: Agent) -> None:
    """R17: nothing is taken away, nothing new comes."""
    ready(ana)
    arrivals(web, 3)
    save(site, ana, agent_form(ana, capacity=1))
    arrivals(web, 1)
    assert served(ana) == 3


def test_joining_a_campaign_brings_its_queue(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    ana.campaigns.clear()
    ready(ana)
    (waiting,) = arrivals(web, 1)
    assert holder_of(waiting) is None
    save(site, ana, agent_form(ana, campaigns=[support.pk]))
    assert holder_of(waiting) == ana


def test_the_agent_role_back_brings_the_queue(site: Client, web: Inbox, ana: Agent) -> None:
    ready(ana)
    Agent.objects.filter(pk=ana.pk).update(is_agent=False)
    ana.refresh_from_db()
    (waiting,) = arrivals(web, 1)
    save(site, ana, agent_form(ana, is_agent=True))
    assert holder_of(waiting) == ana


# Work ends


@pytest.mark.parametrize("right", ["is_active", "is_agent"])
def test_a_withdrawn_right_ends_availability_and_names_what_is_still_held(
    site: Client, web: Inbox, ana: Agent, right: str
) -> None:
    ready(ana)
    arrivals(web, 2)
    page = save(site, ana, agent_form(ana, **{right: False}))
    ana.refresh_from_db()
    assert (getattr(ana, right), ana.is_available) == (False, False)
    assert AvailabilityChange.objects.filter(agent=ana).first().reason == "deactivated"
    assert "Ana still holds 2 conversations." in site.get(page.url).text
    arrivals(web, 1)
    assert served(ana) == 2


def test_a_deactivated_user_is_available_nowhere(site: Client, ana: Agent) -> None:
    ready(ana)
    save(site, ana.user, {"first_name": "Ana", "last_name": "", "email": ""})
    ana.refresh_from_db()
    assert (ana.user.is_active, ana.is_available) == (False, False)


def test_what_happens_while_the_form_is_saved_is_not_undone(
    site: Client, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was changed is saved: Ana presses Accept between its reading and its writing."""
    lock = routing.lock

    def lock_after_the_press(project_id: int) -> Any:
        monkeypatch.undo()
        ready(Agent.objects.get(pk=ana.pk))
        return lock(project_id)

    monkeypatch.setattr(routing, "lock", lock_after_the_press)
    save(site, ana, agent_form(ana, language="es"))
    ana.refresh_from_db()
    assert (ana.language, ana.is_available) == ("es", True)


# Mass assignment


def test_fields_that_are_not_in_the_form_stay_what_they_were(
    site: Client, shop: Project, ana: Agent, bruno: Agent, mallory: Agent
) -> None:
    sent = agent_form(ana) | {
        "user": bruno.user.pk,
        "project": mallory.project_id,
        "is_available": True,
        "availability_reason": "forged",
    }
    assert save(site, ana, sent).status_code == 302
    ana.refresh_from_db()
    assert ana.user.first_name == "Ana"
    assert (ana.project, ana.is_available, ana.availability_reason) == (shop, False, "")


def test_nobody_makes_a_superuser(site: Client, ana: Agent) -> None:
    sent = {
        "first_name": "Ana",
        "email": "ana@shop.example",
        "is_active": True,
        "is_superuser": True,
        "is_staff": True,
        "groups": [1],
        "username": "root",
        "password": "plain",
    }
    assert save(site, ana.user, sent).status_code == 302
    user = User.objects.get(pk=ana.user_id)
    assert (user.email, user.is_superuser, user.is_staff) == ("ana@shop.example", False, False)
    assert user.username == ana.user.username
    assert user.check_password(PASSWORD)


def test_another_projects_campaign_cannot_be_given(
    site: Client, ana: Agent, mallory: Agent
) -> None:
    foreign = mallory.project.campaigns.get()
    response = save(site, ana, agent_form(ana, campaigns=[foreign.pk]))
    assert response.status_code == 200
    assert foreign not in ana.campaigns.all()


def test_nobody_is_put_into_a_project_one_does_not_supervise(
    site: Client, ana: Agent, bruno: Agent, mallory: Agent
) -> None:
    add = reverse("admin:agents_agent_add")
    for user, project in ((ana.user, mallory.project), (mallory.user, ana.project)):
        values = {"user": user.pk, "project": project.pk, "language": "en", "is_agent": True}
        assert site.post(add, values).status_code == 200
        assert not Agent.objects.filter(user=user, project=project).exists()


def test_nobody_takes_their_own_rights_away(site: Client, sofia: Agent) -> None:
    """Or the project would have no supervisor left."""
    save(site, sofia, agent_form(sofia, is_active=False, is_supervisor=False))
    sofia.refresh_from_db()
    assert sofia.is_active
    assert sofia.is_supervisor


# Users and their passwords


def password_page(user: User) -> str:
    return reverse("admin:agents_user_password", args=[user.pk])


def may_sign_in(username: str, password: str) -> bool:
    response = Client().post("/login/", {"username": username, "password": password})
    return response.status_code == 302


NEW = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}


def test_a_forgotten_password_is_set_anew(site: Client, sofia: Agent, ana: Agent) -> None:
    """R4: Ana has no email."""
    assert (
        "Set a new password"
        in site.get(reverse("admin:agents_user_change", args=[ana.user_id])).text
    )
    assert site.post(password_page(ana.user), NEW).status_code == 302
    assert may_sign_in(ana.user.username, NEW_PASSWORD)
    entry = LogEntry.objects.get(user=sofia.user, object_id=str(ana.user_id))
    assert "password" in entry.get_change_message()
    assert NEW_PASSWORD not in entry.change_message


def test_a_new_password_ends_what_was_open_with_the_old_one(site: Client, ana: Agent) -> None:
    """P-15: the console's lease is over, the page is signed out."""
    desk = signed_in(ana)
    ready(ana)
    ConsoleSession.objects.filter(agent=ana).update(session_key=desk.session.session_key)
    site.post(password_page(ana.user), NEW)
    assert not Agent.objects.filter(pk=ana.pk).connected().exists()
    assert desk.get(f"/p/{ana.project.slug}/").status_code == 302


@pytest.mark.parametrize("weak", ["short", "12345678", "different"])
def test_a_weak_or_mistyped_password_is_refused(site: Client, ana: Agent, weak: str) -> None:
    pair = {"new_password1": weak, "new_password2": weak if weak != "different" else "diferent"}
    assert site.post(password_page(ana.user), pair).status_code == 200
    assert User.objects.get(pk=ana.user_id).check_password(PASSWORD)


def as_superuser(agent: Agent) -> None:
    User.objects.filter(pk=agent.user_id).update(is_superuser=True)


def as_staff(agent: Agent) -> None:
    User.objects.filter(pk=agent.user_id).update(is_staff=True)


def as_somebody_in_two_projects(agent: Agent) -> None:
    Agent.objects.create(user=agent.user, project=make_project("Viajes Lago"))


def as_somebody_who_was_elsewhere(agent: Agent) -> None:
    Agent.objects.create(user=agent.user, project=make_project("Viajes Lago"), is_active=False)


@pytest.mark.parametrize(
    "become",
    [as_superuser, as_staff, as_somebody_in_two_projects, as_somebody_who_was_elsewhere],
)
def test_a_supervisor_may_look_at_but_never_change_a_greater_account(
    site: Client, ana: Agent, become: Callable[[Agent], None]
) -> None:
    """Or a new password would open another project."""
    become(ana)
    page = reverse("admin:agents_user_change", args=[ana.user_id])
    assert site.get(page).status_code == 200
    assert "Set a new password" not in site.get(page).text
    assert save(site, ana.user, {"email": "mallory@evil.test"}).status_code == 403
    assert site.post(password_page(ana.user), NEW).status_code == 403
    history = reverse("admin:agents_user_history", args=[ana.user_id])
    assert site.get(history).status_code == 403, "others' supervisors stand in it"
    user = User.objects.get(pk=ana.user_id)
    assert user.check_password(PASSWORD)
    assert user.email == ""


def test_a_stranger_sets_nobodys_password(mallory: Agent, ana: Agent) -> None:
    stranger = signed_in(make_supervisor(mallory.project, "Olga"))
    assert stranger.post(password_page(ana.user), NEW).status_code == 404
    assert signed_in(ana).post(password_page(mallory.user), NEW).status_code == 403
    assert Client().post(password_page(ana.user), NEW).status_code == 302
    assert User.objects.get(pk=ana.user_id).check_password(PASSWORD)


def new_person(project: Project, **changed: Any) -> dict[str, Any]:
    return {
        "username": "carla.new",
        "first_name": "Carla",
        "email": "carla@shop.example",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        "project": project.pk,
        "is_agent": True,
        **changed,
    }


def test_somebody_new_is_an_agent_of_the_project_at_once(site: Client, shop: Project) -> None:
    response = site.post(reverse("admin:agents_user_add"), new_person(shop))
    carla = Agent.objects.get(user__username="carla.new")
    assert (carla.project, carla.is_agent, carla.is_supervisor) == (shop, True, False)
    assert response.url == reverse("admin:agents_agent_change", args=[carla.pk])
    assert may_sign_in("carla.new", NEW_PASSWORD)


def test_somebody_new_cannot_be_put_into_another_project(site: Client, mallory: Agent) -> None:
    values = new_person(mallory.project, is_superuser=True)
    assert site.post(reverse("admin:agents_user_add"), values).status_code == 200
    assert not User.objects.filter(username="carla.new").exists()


def test_somebody_new_is_never_more_than_the_form_says(site: Client, shop: Project) -> None:
    site.post(reverse("admin:agents_user_add"), new_person(shop, is_superuser=True, is_staff=True))
    carla = User.objects.get(username="carla.new")
    assert (carla.is_superuser, carla.is_staff) == (False, False)


def test_changing_ones_own_password_ends_the_other_sessions(shop: Project) -> None:
    rosa = make_agent(shop, "Rosa", is_supervisor=True)
    here, elsewhere = signed_in(rosa), signed_in(rosa)
    ready(rosa)
    rosa.consoles.update(session_key=elsewhere.session.session_key)
    values = {"old_password": PASSWORD, **NEW}
    assert here.post("/admin/password_change/", values).status_code == 302
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert not Agent.objects.filter(pk=rosa.pk).connected().exists()


# Projects and campaigns


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


def test_somebody_active_again_gets_work_once_they_accept(
    site: Client, web: Inbox, ana: Agent
) -> None:
    """Not before: what they wanted then is not what they want now."""
    ready(ana)
    save(site, ana, agent_form(ana, is_active=False))
    (waiting,) = arrivals(web, 1)
    ana.refresh_from_db()
    save(site, ana, agent_form(ana, is_active=True))
    assert holder_of(waiting) is None
    attending.accept(agent=Agent.objects.get(pk=ana.pk))
    assert holder_of(waiting) == ana


def test_leaving_a_campaign_keeps_what_is_open_and_brings_nothing_new(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    ready(ana)
    (held,) = arrivals(web, 1)
    save(site, ana, agent_form(ana, campaigns=[]))
    (later,) = arrivals(web, 1)
    assert (holder_of(held), holder_of(later)) == (ana, None)


def test_a_campaigns_name_is_there_once_in_a_project(site: Client, shop: Project) -> None:
    add = reverse("admin:agents_campaign_add")
    assert site.post(add, {"project": shop.pk, **campaign_form()}).status_code == 200
    second = Campaign.objects.create(project=shop, name="Sales")
    assert save(site, second, campaign_form()).status_code == 200
    assert save(site, second, campaign_form(name="After-sales")).status_code == 302
    assert shop.campaigns.filter(name="Support").count() == 1
