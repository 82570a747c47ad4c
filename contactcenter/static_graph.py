"""Which scripts import which, and which sheets: so that a page can name them all at once.

A browser otherwise learns of an import only when it has the file that imports: five round trips,
one after the other, before the console's last module is there.
"""

import posixpath
import re

from contactcenter.static_files import find

IMPORT = re.compile(r'^(?:import|export)\s(?:[^"\';]*?\sfrom\s)?\s*"(\.[^"]+)"', re.MULTILINE)
SHEET = re.compile(r'^@import\s+url\("([^":]+)"\)', re.MULTILINE)


def needed_by(name: str) -> list[str]:
    """All that `name` imports, and they in turn, each once; nearest first. Without `name`."""
    names = [name]
    for known in names:
        names += dict.fromkeys(piece for piece in imports(known) if piece not in names)
    return names[1:]


def imports(name: str) -> list[str]:
    """What that script or sheet names itself. Raises LookupError when there is no such file."""
    if not (file := find(name)):
        raise LookupError(f"{name} is imported and is no static file")
    pattern = SHEET if name.endswith(".css") else IMPORT
    home = posixpath.dirname(name)
    found = pattern.findall(file.body.decode())
    return [posixpath.normpath(posixpath.join(home, address)) for address in found]
