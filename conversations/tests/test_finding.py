"""Somebody types a name, or a part of one: who is found, and how much is read for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Project
from conversations import finding
from conversations.models import Contact, Identity

pytestmark = pytest.mark.django_db


def named(project: Project, *names: str) -> None:
    Contact.objects.bulk_create(Contact(project=project, name=name) for name in names)


def found(project: Project, words: str) -> list[str]:
    people = finding.found(words, {"project": project.pk})
    return sorted(Contact.objects.filter(pk__in=people).values_list("name", flat=True))


@pytest.mark.parametrize("words", ["romero lucía", "LUC rom", "ía rom", "ucí", "lucía romero"])
def test_every_word_is_somewhere_in_the_name_in_any_order_and_any_case(
    shop: Project, words: str
) -> None:
    named(shop, "Lucía Romero", "Lucas Romo", "Lucía Gómez", "Pablo Romero")
    assert "Lucía Romero" in found(shop, words)
    assert "Lucía Gómez" not in found(shop, words) or words == "ucí"


def test_a_word_that_everybody_has_does_not_hide_the_one_that_is_meant(shop: Project) -> None:
    """However many of the name there are: one word finds few, or the index is asked for both."""
    many = finding.FEW + 20
    named(shop, *(f"Guest {number:03}x" for number in range(many)), "Guestina 007x")
    assert found(shop, "guest 007x") == ["Guest 007x", "Guestina 007x"]
    assert found(shop, "guestina 007") == ["Guestina 007x"]
    assert found(shop, "guestina 008") == []
    everybody = sorted(Contact.objects.values_list("name", flat=True))
    assert found(shop, "guest 00") == [name for name in everybody if "00" in name]


def test_so_many_and_no_more_are_found_of_one_name(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_FOUND", 4)
    named(shop, *(f"Pablo {number}" for number in range(9)))
    assert len(found(shop, "pablo")) == 4


def test_one_or_two_letters_alone_begin_a_word(shop: Project) -> None:
    named(shop, "Lucía Romero", "Ana Lupe", "Raúl Paluch", "Li Wei")
    assert found(shop, "lu") == ["Ana Lupe", "Lucía Romero"]
    assert found(shop, "l r") == ["Lucía Romero"]
    assert found(shop, "LI") == ["Li Wei"]


def test_one_sign_of_a_script_without_spaces_is_found_in_the_middle(shop: Project) -> None:
    named(shop, "王小明", "李娜")
    assert found(shop, "小明") == ["王小明"]


def test_an_id_is_found_whole_and_once(shop: Project) -> None:
    lucia = Contact.objects.create(project=shop, name="web-8F3K2A")
    Identity.objects.create(project=shop, contact=lucia, kind="visitor", value="web-8F3K2A")
    assert finding.found(" WEB-8f3k2a ", {"project": shop.pk}) == [lucia.pk]


def test_nothing_typed_finds_nobody_and_mallorys_customers_are_never_found(
    shop: Project, mallory: Agent
) -> None:
    named(shop, "Lucía")
    named(mallory.project, "Lucía Fuera")
    assert found(shop, "  ") == []
    assert found(shop, "lucía") == found(shop, "lu") == ["Lucía"]
    assert found(shop, "fuera luc") == []


@pytest.mark.parametrize("words", ["Lucía", "Lucía Quispe", "qx", "qx zy"])
def test_a_name_is_found_by_its_index_not_by_reading_everybody(shop: Project, words: str) -> None:
    named(shop, *(f"Pablo {number}" for number in range(5000)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('contact_name_trigrams')")  # as vacuum does
        cursor.execute("ANALYZE conversations_contact")
        with CaptureQueriesContext(connection) as asked:
            found(shop, words)
        named_so = [q["sql"] for q in asked.captured_queries if "LIKE" in q["sql"]]
        assert named_so
        for sql in named_so:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "contact_name_trigrams" in plan, plan


def test_the_word_that_tells_most_is_asked_for_alone(shop: Project) -> None:
    """The index would go along a list of all the guests."""
    named(shop, "Guest 8155bc", "Guest 3f3f3f")
    with CaptureQueriesContext(connection) as asked:
        assert found(shop, "guest 8155bc") == ["Guest 8155bc"]
    (named_so,) = [q["sql"] for q in asked.captured_queries if "LIKE" in q["sql"]]
    condition = named_so.partition(" WHERE ")[2]
    assert "8155bc" in condition
    assert "guest" not in condition
