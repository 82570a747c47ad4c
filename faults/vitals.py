"""What can be seen of a process from outside."""

import contextlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping

import psutil

from contactcenter.embedded.processes import Process


def readyz(port: int) -> tuple[int, list[str]]:
    """A web process' own word: status and what is missing; 0 without an answer in 2 s."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status, json.load(answer)["missing"]
    except urllib.error.HTTPError as error:
        with contextlib.suppress(ValueError, KeyError):
            return error.code, json.load(error)["missing"]
        return error.code, ["web"]
    except (OSError, ValueError):
        return 0, ["web"]


def memory(processes: Mapping[str, Process]) -> dict[str, int]:
    """Resident bytes of those that live."""
    found = {}
    for name, process in processes.items():
        if process.child and process.is_running():
            with contextlib.suppress(psutil.NoSuchProcess):
                found[name] = int(psutil.Process(process.child.pid).memory_info().rss)
    return found


def crowded() -> float:
    """How many times slower than alone this machine is by what else it does. Seconds that people
    may wait are stretched by it, threefold at most: they are promised for a machine that is not
    overloaded."""
    return min(3.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
