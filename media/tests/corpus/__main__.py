"""The table of the corpus, as Markdown: what was expected, what was found."""

import sys
import tempfile
from pathlib import Path

from media.checks import check
from media.tests.corpus import every_case
from media.tests.corpus.case import Case


def main() -> int:
    print("| file | sent as | expected | found | really |\n|---|---|---|---|---|")
    wrong = 0
    for case in every_case():
        with tempfile.TemporaryDirectory() as folder:
            expected, found, really = row(case, Path(folder))
        wrong += expected != found
        mark = "" if expected == found else " **≠**"
        name = case.name.encode("ascii", "backslashreplace").decode()[:30]
        sent = f"{case.rule.kind}, `{name}`"
        print(f"| {case.what} | {sent} | {expected} | {found}{mark} | {really} |")
    print(f"\n{len(every_case())} files, {wrong} not as expected.")
    return wrong


def row(case: Case, folder: Path) -> tuple[str, str, str]:
    sent = folder / "sent"
    sent.write_bytes(case.make())
    verdict = check(sent, case.name, case.rule, folder)
    return (
        case.reason or f"taken {case.converted}".strip(),
        verdict.reason or f"taken {verdict.converted}".strip(),
        verdict.format,
    )


if __name__ == "__main__":
    sys.exit(main())
