"""The program of the child: `python -I -S -c … child.main()`, started by `checking.py` only.

Standard input is the file, standard output the answer (one JSON object); two more open files are
for what is made of it. No settings, no environment, no Django.
"""

import codecs
import importlib
import json
import os
import sys
from typing import Any

from media.checks import limits, sniffing
from media.checks.job import Job, Refused
from media.checks.verdict import Allowed

# Loaded now: later no file can be opened, and Python looks for a codec when it is first asked.
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp437", "ascii"]
DAMAGED = (
    *(OSError, EOFError, ValueError, SyntaxError, LookupError, ArithmeticError, RecursionError),
    NotImplementedError,  # packed in a way nobody unpacks
)


def main() -> None:
    asked = json.loads(sys.argv[1])
    missing = limits.shut(limits.Limits(**asked["limits"]), asked["parent"])
    source = os.fdopen(0, "rb", closefd=False)
    shown, preview = (os.fdopen(fd, "w+b") for fd in asked["into"])
    job = Job(source, asked["extension"], Allowed.from_json(asked["allowed"]), shown, preview)
    outcome = look(job, missing)
    shown.close()
    preview.close()
    os.write(1, job.answer(**outcome, walls_missing=missing))
    sys.stdout.flush()
    os._exit(0)  # nothing left to tidy up, and a broken decoder would trip over it


def look(job: Job, missing: list[str]) -> dict[str, Any]:
    try:
        opener = sniffing.opener(job)
        module = importlib.import_module(f"media.checks.{opener}")
        for name in ENCODINGS:
            codecs.lookup(name)
        missing += limits.shut_paths()
        job.file.seek(0)
        module.look(job)
    except Refused as refusal:
        return {"is_fine": False, "reason": refusal.reason, "figures": refusal.figures}
    except MemoryError:
        return died("memory")
    except Exception as error:
        return damaged(job, error)
    return {"is_fine": True}


def damaged(job: Job, error: Exception) -> dict[str, Any]:
    """Decoders say it with many classes; what is none of theirs is a fault of ours."""
    if isinstance(error, ImportError | PermissionError):  # a wall of ours stands in the way
        return died(f"{type(error).__name__}: {error}"[:200])
    theirs = type(error).__module__.partition(".")[0] not in {"builtins", "media"}
    if not theirs and not isinstance(error, DAMAGED):
        return died(f"{type(error).__name__}: {error}"[:200])
    job.line("readable", False)
    figures = {"format": job.format, "said": f"{type(error).__name__}: {error}"[:200]}
    return {"is_fine": False, "reason": "damaged", "figures": figures}


def died(of: str) -> dict[str, Any]:
    return {"is_fine": False, "reason": "could_not_check", "figures": {"died": of}}
