"""The directory of internal chat, live (R61–R67)."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.models import Agent, Campaign, ConsoleSession, PauseReason, User
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project
from contactcenter.tests.browsers import Desk
from contactcenter.tests.colleagues import Colleague
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def named(agent: Agent, last_name: str) -> Agent:
    User.objects.filter(pk=agent.user_id).update(last_name=last_name)
    agent.user.last_name = last_name
    return agent


def long_gone(agent: Agent) -> None:
    """As if the moment in which a vanished agent still counts were over."""
    consoles = ConsoleSession.objects.filter(agent=agent)
    wait_until(lambda: not consoles.filter(closed_at=None).exists(), 20)
    consoles.update(online_until=timezone.now() - dt.timedelta(seconds=1))


def test_r61_r62_r63_r64_r65_r66_r67_the_directory_says_who_is_there_and_what_they_do(
    stack: Stack, someone: NewContext
) -> None:
    shop, elsewhere = make_project(), make_project("Clínica Parque")
    PauseReason.objects.create(project=shop, name="Almuerzo")
    many = [Campaign.objects.create(project=shop, name=name) for name in ("Posventa", "Ventas")]
    ana = make_agent(shop, "Ana", language="es", campaigns=[])
    bruno = named(make_agent(shop, "Bruno", language="es"), "Lagos")
    oscar = named(make_agent(shop, "Óscar", campaigns=[]), "Peña")
    twins = [named(make_agent(shop, "Inés", campaigns=many[:1]), "Gil") for _ in range(2)]
    mallory = make_agent(elsewhere, "Mallory")
    mine = Colleague(someone(locale="es-ES"), stack.url, ana).sign_in()
    mine.unfold()
    for agent in (bruno, oscar, *twins):
        expect(mine.listed_in("inactive", agent)).to_be_visible()
    for agent in (ana, mallory):
        expect(mine.listed(agent)).to_have_count(0)
    expect(mine.page.locator("[data-group=active]")).to_contain_text("Nadie más está activo ahora")
    expect(mine.listed(bruno)).to_contain_text("Posventa, Support, Ventas")
    expect(mine.listed(oscar).locator(".ca")).to_have_text("–")
    for twin in twins:
        expect(mine.listed(twin).locator("b")).to_have_text(f"Inés Gil {twin.user.username}")

    # R62: he moves up while somebody else is selected, and the focus stays where it is
    mine.listed(oscar).locator("label").click()
    radio = mine.listed(oscar).locator("input")
    expect(radio).to_be_focused()
    his = Desk(someone(), stack.other_url, bruno).sign_in()
    expect(mine.listed_in("active", bruno)).to_be_visible(timeout=15_000)
    expect(radio).to_be_focused()
    expect(radio).to_be_checked()
    expect(mine.listed(bruno)).to_contain_text("No disponible")

    # R66: live, customers only
    attending = mine.listed(bruno).get_by_test_id("attending")
    expect(attending).to_have_text("0")
    his.accept()
    expect(mine.listed(bruno)).to_contain_text("Disponible")
    arrivals(shop.inboxes.get(), 1)
    expect(attending).to_have_text("1", timeout=15_000)
    his.stop()
    his.page.locator("#pauses").get_by_role("button", name="Almuerzo").click()
    expect(mine.listed(bruno)).to_contain_text("Almuerzo", timeout=15_000)

    # R64: by name, as typed; no campaigns
    search = mine.page.get_by_role("searchbox", name="Buscar agentes por nombre")
    for typed, found in {"oscar": [oscar], "PEÑ": [oscar], "ines": twins, "lag": [bruno]}.items():
        search.fill(typed)
        shown = mine.page.locator(".ag:visible")
        expect(shown).to_have_count(len(found))
        for agent in found:
            expect(mine.listed(agent)).to_be_visible()
    search.fill("Ventas")
    expect(mine.page.locator(".ag:visible")).to_have_count(0)
    expect(mine.directory).to_contain_text("Ningún agente coincide. Revisa cómo está escrito.")
    search.fill("")

    # R63: down again, after the grace
    his.page.context.close()
    expect(mine.listed_in("active", bruno)).to_be_visible()
    long_gone(bruno)
    expect(mine.listed_in("inactive", bruno)).to_be_visible(timeout=20_000)
    assert mine.complaints == []
