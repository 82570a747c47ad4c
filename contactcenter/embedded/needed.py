"""Programs of this machine that some tests cannot do without, and what is said where one is not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contactcenter.embedded import nginx
from contactcenter.embedded.trouble import Trouble

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT_WINDOW = "chromium-headless-shell"


@dataclass(frozen=True)
class Needed:
    """`find` gives its path or nothing; `tests` are left out without it."""

    name: str
    package: str  # Debian's
    tests: str
    find: Callable[[], str]

    def __str__(self) -> str:
        return f"there is no {self.name} (apt install {self.package})"

    def find_or_install(self) -> str:
        return self.find() or install(self.package, self.find)


def find_browser() -> str:
    """The path of a Chromium here (CHROMIUM names another one); empty if there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named and not shutil.which(named):
        raise Trouble(f"CHROMIUM={named} cannot be run.")
    return named or next(filter(None, map(shutil.which, BROWSERS)), "")


def without_window(browser: str) -> str:
    """The same Chromium made for programs alone, where it stands beside `browser`; else that."""
    return shutil.which(str(Path(browser).with_name(WITHOUT_WINDOW))) or browser


NGINX = Needed("nginx", "nginx-light", "the faults and the stories of nginx", nginx.found)
BROWSER = Needed("Chromium", "chromium", "every test in a browser", find_browser)
ALL = (NGINX, BROWSER)


def is_ci() -> bool:
    """Where nothing may be left out."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def install(package: str, find: Callable[[], str]) -> str:
    """Debian's, where we may install it; what `find` gives then, or empty."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return ""
    print(f"Installing {package} (apt-get install {package})…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        answer = subprocess.run(
            ["apt-get", *arguments], capture_output=True, text=True, env=environment, check=False
        )
        if answer.returncode:
            print("\n".join(answer.stderr.splitlines()[-3:]), file=sys.stderr)
    return find()
