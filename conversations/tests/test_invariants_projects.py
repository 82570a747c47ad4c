"""No foreign key leads into another project (P-14), and none of the models' can be forgotten: each
is read from them, bent into another project, and must be found."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from agents.models import Project
from contactcenter import promises
from contactcenter.tests.doors import ROOMS, one_of_everything, path_to_project, rows_of


class Key(NamedTuple):
    model: type[Model]
    field: Any

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.field.name}"


def nouns() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in ROOMS]


def keys() -> Iterator[Key]:
    """What points to something of a project, but for what *makes* a row the project's."""
    of_projects = {m for m in nouns() if m.__name__ not in {"User", "Project"}}
    for model in of_projects:
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if field.related_model in of_projects and not is_the_way(model, field.name):
                yield Key(model, field)


def is_the_way(model: type[Model], name: str) -> bool:
    return path_to_project(model).split("__")[0] == name


KEYS = sorted(keys(), key=str)


@pytest.fixture
def shop(db: None) -> Project:
    return one_of_everything("Tienda Norte")


@pytest.fixture
def clinic(db: None) -> Project:
    return one_of_everything("Clínica Parque")


def one_with(key: Key, project: Project) -> Model:
    """A row that uses this key, else any: some may only have one of two."""
    rows = rows_of(project, key.model)
    return next((row for row in rows if getattr(row, key.field.name, None)), rows[0])


def found() -> set[str]:
    return {one.invariant.promise for one in promises.check() if not one.holds}


def test_two_projects_with_a_row_of_every_kind_break_nothing(
    shop: Project, clinic: Project
) -> None:
    assert found() == set()


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_key_bent_into_another_project_is_found(key: Key, shop: Project, clinic: Project) -> None:
    with connection.cursor() as cursor:  # what the schema itself would not let happen
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {key.model._meta.db_table} DISABLE TRIGGER USER")
    try:
        with transaction.atomic():
            bend(key, shop, clinic)
    except IntegrityError:  # this way the schema itself refuses: the lower number stands first
        bend(key, clinic, shop)
    assert "P-14" in found(), key


def bend(key: Key, here: Project, there: Project) -> None:
    row, targets = one_with(key, here), rows_of(there, key.field.related_model)
    if getattr(key.field, "unique", False):
        taken = set(key.model._default_manager.values_list(key.field.name, flat=True))
        targets = [target for target in targets if target.pk not in taken]
    target = targets[-1]
    if key.field.many_to_many:
        getattr(row, key.field.name).add(target)
    else:
        key.model._default_manager.filter(pk=row.pk).update(**{key.field.name: target})


def test_the_keys_are_found_in_the_models() -> None:
    assert {"Conversation.contact", "Agent.campaigns", "Assignment.queue_entry"} <= set(
        map(str, KEYS)
    )
    assert len(KEYS) >= 18
