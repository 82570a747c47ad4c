"""Nouns from a statement of our own over several tables.

Where every page asks, building the query with the ORM takes five to ten times as long as running
it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


class Joined:
    """The tables that a statement reads, by their aliases in it: `columns` is what it selects, in
    the order in which `nouns` takes a row apart."""

    def __init__(self, **tables: type[Model]) -> None:
        self.tables = [(model, model._meta.concrete_fields) for model in tables.values()]
        self.columns = ", ".join(
            f"{alias}.{field.column}"
            for alias, model in tables.items()
            for field in model._meta.concrete_fields
        )
        self.width = sum(len(fields) for _model, fields in self.tables)

    def nouns(self, row: Sequence[Any]) -> list[Any]:
        """One of each table; None where an outer join met none. What follows is the caller's."""
        found, start = [], 0
        for model, fields in self.tables:
            values = row[start : start + len(fields)]
            start += len(fields)
            found.append(_noun(model, fields, values) if values[0] is not None else None)
        return found


def _noun(model: type[Model], fields: Sequence[Any], values: Sequence[Any]) -> Model:
    names = [field.attname for field in fields]
    said = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, values, strict=True)
    ]
    return model.from_db(connection.alias, names, said)
