"""The cast and the running product, for every test."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test.utils import setup_databases
from pytest_django.plugin import DjangoDbBlocker

from agents.models import Agent, Campaign, Project
from contactcenter import promises, testing
from contactcenter.tests import workers
from contactcenter.tests.stack import Stack
from conversations.models import Identity, Inbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser last: its loop runs in this thread from then on, and an async test has
    none. Before them the others that commit: a running product's clock must not meet other tests'
    rows. Several processes must share them in this order, too."""
    items.sort(key=group)


reached = 0  # the latest kind of story that this process has begun


def group(item: pytest.Item) -> int:
    """The kinds of stories, in the order in which a process may run them."""
    fixtures = set(getattr(item, "fixturenames", ()))
    if fixtures & {"browser", "someone", "stack"}:
        return 2
    return 1 if "committed" in fixtures else 0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Says so where they are shared otherwise; else each fails for a reason of its own."""
    global reached
    if group(item) < reached:
        pytest.fail("It may not come after stories of a later kind in the same process.")
    reached = group(item)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A database of the tests' own, also for journeys, which commit and carry no mark of
    pytest-django's. It is left for the next run to replace: its servers are thrown away."""
    if workers.WORKER:
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"test_{name}_{workers.WORKER}"
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def promises_are_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a story commits is judged before it is thrown away: `check_invariants` must find
    nothing. Stories that break data on purpose say so by the marker `breaks_promises`."""
    mark = request.node.get_closest_marker("django_db")
    before: set[int] = set()
    if commits := "committed" in request.fixturenames:
        request.getfixturevalue("committed")  # the database is open as long as that is
    if mark and mark.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")  # emptied after us
        commits = True
    if commits:
        before = projects()  # what other stories left behind is theirs
    yield
    if commits and not request.node.get_closest_marker("breaks_promises"):
        found = (each for pk in projects() - before for each in promises.check(project_id=pk))
        broken = [finding for finding in found if not finding.holds]
        if broken:
            pytest.fail("\n".join(f"{one.invariant.sentence} {one.ids}" for one in broken))


def projects() -> set[int]:
    return set(Project.objects.values_list("pk", flat=True))


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is slow to check on purpose, a third of a second each time; only stories about
    that pay for it, and those with the running product, which knows no other way."""
    is_about_it = request.node.get_closest_marker("slow_passwords")
    if not is_about_it and "stack" not in request.fixturenames:
        monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)


@pytest.fixture
def shop(db: None) -> Project:
    return testing.make_project()


@pytest.fixture
def support(shop: Project) -> Campaign:
    return shop.campaigns.get(name="Support")


@pytest.fixture
def web(shop: Project) -> Inbox:
    return shop.inboxes.get()


@pytest.fixture
def ana(shop: Project) -> Agent:
    return testing.make_agent(shop, "Ana")


@pytest.fixture
def bruno(shop: Project) -> Agent:
    return testing.make_agent(shop, "Bruno", language="es")


@pytest.fixture
def sofia(shop: Project) -> Agent:
    return testing.make_supervisor(shop)


@pytest.fixture
def lucia(web: Inbox) -> Identity:
    return testing.make_customer(web, "Lucía")


@pytest.fixture
def mallory(db: None) -> Agent:
    """An agent of another project."""
    return testing.make_agent(testing.make_project("Clínica Parque"), "Mallory")


@pytest.fixture(scope="session")
def stack(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The whole product as its own processes, on the tests' PostgreSQL and Redis."""
    with django_db_blocker.unblock(), Stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
