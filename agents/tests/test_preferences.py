"""Language and theme are one's own; a password is changed by whoever knows the present one."""

import pytest

from agents import preferences
from agents.models import Agent
from contactcenter.testing import PASSWORD, at_once, make_agent, make_project

pytestmark = pytest.mark.django_db(transaction=True)
NEW, OTHER = "twelve purple lanterns", "eleven yellow candles"


def test_language_and_theme_belong_to_one_place(ana: Agent) -> None:
    elsewhere = Agent.objects.create(user=ana.user, project=make_project("Viajes Lago"))
    assert preferences.change(agent=ana, language="es", theme="dark")
    assert not preferences.change(agent=ana, language="es", theme="dark")
    assert preferences.change(agent=ana, language="es", theme="")
    for agent in (ana, elsewhere):
        agent.refresh_from_db()
    assert (ana.language, ana.theme) == ("es", "")
    assert (elsewhere.language, elsewhere.theme) == ("en", "")


def test_a_wrong_present_password_changes_nothing(ana: Agent) -> None:
    with pytest.raises(preferences.WrongPassword):
        preferences.change_password(user=ana.user, old="guessed", new=NEW)
    ana.user.refresh_from_db()
    assert ana.user.check_password(PASSWORD)


def test_of_two_at_once_with_the_same_old_password_one_wins(ana: Agent) -> None:
    def attempt(new: str) -> str | None:
        user = Agent.objects.get(pk=ana.pk).user
        try:
            preferences.change_password(user=user, old=PASSWORD, new=new)
        except preferences.WrongPassword:
            return None
        return new

    results = at_once([lambda new=new: attempt(new) for new in (NEW, OTHER)])
    (won,) = [new for new in results if new]
    ana.user.refresh_from_db()
    assert ana.user.check_password(won)


def test_two_at_once_choose_both_of_one_or_both_of_the_other(ana: Agent) -> None:
    choices = [("es", "dark"), ("en", "light")]
    at_once(
        [
            lambda language=language, theme=theme: preferences.change(
                agent=ana, language=language, theme=theme
            )
            for language, theme in choices
        ]
    )
    assert Agent.objects.values_list("language", "theme").get(pk=ana.pk) in choices


def test_bruno_is_not_touched(ana: Agent, bruno: Agent) -> None:
    preferences.change(agent=ana, language="es", theme="dark")
    preferences.change_password(user=ana.user, old=PASSWORD, new=NEW)
    bruno.refresh_from_db()
    assert (bruno.theme, bruno.user.check_password(PASSWORD)) == ("", True)
    assert make_agent(ana.project, "Carla").theme == ""
