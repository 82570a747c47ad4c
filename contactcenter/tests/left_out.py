"""Stories that need a program this machine has not are left out, and say so; with CI=true they
fail, as does whatever else is skipped.

A plugin, named in pyproject.toml, so that it holds for every folder of tests.
"""

from collections.abc import Generator

import pytest

from contactcenter.embedded.needed import Needed, is_ci


def here(program: Needed) -> str:
    """The path of `program`; without it the story that asks is left out."""
    path = program.find()
    if not path:
        pytest.skip(str(program))
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if is_ci() and report.skipped and call.excinfo and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Left out, which CI=true forbids: {call.excinfo.value}"
    return report
