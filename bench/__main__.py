"""`python -m bench [--quick] [--rounds N] [--only NAME]`."""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from statistics import median

from bench import messages
from bench.world import ROOT, World, floor, make_database, product, world

SCENARIOS: dict[str, Callable[..., Awaitable[messages.Measures]]] = {
    "steady": messages.steady,
    "saturate": messages.saturate,
    "burst": messages.burst,
}
ARGUMENTS = {
    "steady": ({"rate": 50, "seconds": 20}, {"rate": 50, "seconds": 6}),
    "saturate": ({"seconds": 10}, {"seconds": 4}),
    "burst": ({}, {}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=SCENARIOS)
    options = parser.parse_args()
    wanted = [options.only] if options.only else list(SCENARIOS)
    results: dict[str, dict[str, list[messages.Measures]]] = {}
    with world() as servers:
        prepare(servers)
        for round_number in range(1 if options.quick else options.rounds):
            for name in wanted:
                arguments = ARGUMENTS[name][options.quick]
                for side, running in (("floor", floor), ("product", product)):
                    with running(servers, side) as process:
                        measures = asyncio.run(SCENARIOS[name](process, side, **arguments))
                    results.setdefault(name, {}).setdefault(side, []).append(measures)
                    print(round_number + 1, name, side, json.dumps(rounded(measures)), flush=True)
    for name, sides in results.items():
        print(f"\n{name}")
        for key in sides["product"][0]:
            ours = median(measures[key] for measures in sides["product"])
            theirs = median(measures[key] for measures in sides["floor"])
            ratio = f"{ours / theirs:.2f}x" if theirs else "–"
            print(f"  {key:24} product {ours:10.2f}  floor {theirs:10.2f}  {ratio}")
    return 0


def prepare(servers: World) -> None:
    for name in ("floor", "product"):
        make_database(servers, name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=servers.environment("product"),
        check=True,
    )


def rounded(measures: messages.Measures) -> messages.Measures:
    return {key: round(value, 2) for key, value in measures.items()}


if __name__ == "__main__":
    sys.exit(main())
