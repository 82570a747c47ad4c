"""docs/requirements.md names, for every row that is built, the tests that check it."""

from contactcenter.tests import requirements

BUILT = [*range(1, 76), 79]


def test_every_row_that_is_built_has_a_test_of_its_number() -> None:
    assert set(BUILT) <= set(requirements.tests_by_row())


def test_the_page_names_every_row_and_exactly_its_tests() -> None:
    assert requirements.rows_on_page() == sorted({*BUILT, *requirements.tests_by_row()})
    page = requirements.page_with(requirements.tests_by_row())
    assert requirements.PAGE.read_text() == page, "python -m contactcenter.tests.requirements"
