"""Faults while people work: `bin/test --faults` runs all of them several times, the ordinary
suite a short slice of them once."""

import os
import random
from collections.abc import Iterator

import pytest

from contactcenter.embedded.needed import NGINX
from contactcenter.tests.left_out import here
from faults.catalogue import FAULTS
from faults.running import Runs
from faults.table import PLACE, Table
from faults.world import World

pytestmark = pytest.mark.processes

RUNS = int(os.environ.get("FAULT_RUNS", "0"))  # 0: only the slice
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.randrange(1, 10**6)
SLICE = ("answer-lost-after-commit", "one-web-killed")


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    here(NGINX)
    with World() as world:
        yield Runs(world, tmp_path_factory.mktemp("ledgers"))


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    table = Table(RUNS, SEED)
    yield table
    print("\n" + table.text())
    if table.is_complete or os.environ.get("FAULT_WRITE"):
        PLACE.write_text(table.text())


if RUNS:

    @pytest.mark.parametrize("number", range(RUNS))
    @pytest.mark.parametrize("name", FAULTS)
    def test_no_promise_is_broken_by(name: str, number: int, runs: Runs, table: Table) -> None:
        print(f"\n{name} --seed {SEED} run {number}: ", end="", flush=True)
        verdict = runs.run(FAULTS[name], SEED + number)
        table.add(name, verdict)
        print(f"{verdict.accepted} accepted, back {max(verdict.back, default=0):.1f} s ", end="")
        assert verdict.broken == []

else:

    def test_a_slice_of_the_faults_breaks_no_promise(runs: Runs) -> None:
        for name in SLICE:
            print(f"{name} --seed {SEED}")
            assert runs.run(FAULTS[name], SEED).broken == []
