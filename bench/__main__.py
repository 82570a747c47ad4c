"""`python -m bench [--quick] [--rounds N] [--only NAME …] [--write]`."""

import argparse
import json
import sys

from bench import report
from bench.scenario import Round, Scenario
from bench.scenarios import SCENARIOS
from bench.turns import migrated
from bench.world import World, make_database, world


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, smaller numbers")
    parser.add_argument("--rounds", type=int, help="otherwise what each scenario says")
    parser.add_argument("--only", nargs="+", choices=[each.key for each in SCENARIOS])
    parser.add_argument(
        "--write", action="store_true", help="docs/performance.* anew, though quick"
    )
    options = parser.parse_args()
    found: list[report.Line] = []
    with world() as servers:
        make_database(servers, "floor")
        migrated(servers, "product")
        for scenario in SCENARIOS:
            if not options.only or scenario.key in options.only:
                rounds = 1 if options.quick else options.rounds or scenario.rounds
                measured = run(scenario, servers, rounds, is_quick=options.quick)
                lines = report.lines(scenario, measured, report.commit_now())
                if options.quick and scenario.quick != scenario.full:
                    for line in lines:  # of other numbers than those promised
                        line |= {"what": f"{line['what']} {scenario.quick}", "met": None}
                found += lines
    print(f"\n{report.table(found)}")
    wrong = {each["key"]: each["broken"] for each in found if each["broken"]}
    if wrong:
        print(f"\nMust be 0: {json.dumps(wrong)}")
    if options.write or not (options.quick or options.only):
        report.write(found)
    return bool(wrong)


def run(scenario: Scenario, servers: World, rounds: int, *, is_quick: bool) -> list[Round]:
    """Each round both sides in turn; what each measured is printed as it comes."""
    arguments = scenario.quick if is_quick else scenario.full
    measured = []
    for number in range(rounds):
        measured.append(scenario.measure(servers, **arguments))
        for side, measures in measured[-1].items():
            values = {name: round(value, 3) for name, value in measures.items()}
            print(number + 1, scenario.key, side, json.dumps(values), flush=True)
    return measured


if __name__ == "__main__":
    sys.exit(main())
