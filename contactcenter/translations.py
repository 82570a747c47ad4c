"""Translations without gettext on the machine: `python -m contactcenter.translations …`.

`update` gathers the texts of templates and code into the .po files, `check` fails where one is
missing in a language, `compile` makes the .mo files (they are not in the repository).
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = ["en", "es"]
PACKAGES = ["agents", "contactcenter", "conversations", "internalchat", "media"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def texts() -> Catalog:
    """Every text in the code and the templates."""
    found = Catalog(fuzzy=False)
    for path, method, source in sources():
        for _line, message, _comments, context in extract(method, source, keywords=KEYWORDS):
            found.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    return found


def sources() -> Iterator[tuple[Path, str, io.BytesIO]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"tests", "migrations", "embedded"} & set(path.parts):
                yield path, "python", io.BytesIO(path.read_bytes())
    templates = ROOT / "templates"
    for path in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        # Django turns a template into calls of gettext that a JavaScript lexer can read.
        code = templatize(path.read_text(), origin=str(path))
        yield path, "javascript", io.BytesIO(code.encode())


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    if not po(language).exists():
        return Catalog(locale=language)
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    for language in LANGUAGES:
        catalog = read(language)
        # Gathered anew for each: a catalog takes the messages themselves, not copies.
        born = catalog.creation_date
        catalog.update(texts(), no_fuzzy_matching=True)
        catalog.creation_date = born  # or every gathering would be a change
        catalog.obsolete.clear()
        if language == "en":
            for message in catalog:
                if message.id and not filled(message.string):
                    message.string = message.id
        po(language).parent.mkdir(parents=True, exist_ok=True)
        with po(language).open("wb") as file:
            write_po(file, catalog, sort_output=True, include_lineno=False)
    return check()


def check() -> int:
    """0 when every text is translated in every language; says what is missing otherwise."""
    found = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in texts() if m.id}
    problems = []
    for language in LANGUAGES:
        known = {}
        for message in read(language):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                known[key, message.context] = message
        problems += [f"{language}: not gathered: {text!r}" for text, c in found - set(known)]
        problems += [f"{language}: not used: {text!r}" for text, c in set(known) - found]
        problems += [
            f"{language}: not translated: {text!r}"
            for (text, _context), message in known.items()
            if not filled(message.string) or message.fuzzy
        ]
    print("\n".join(sorted(problems)) or f"{len(found)} texts in {len(LANGUAGES)} languages.")
    return 1 if problems else 0


def filled(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all(string if isinstance(string, tuple | list) else [string])


def compile_all() -> int:
    for language in LANGUAGES:
        target = po(language).with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read(language))
        fresh.replace(target)
    return 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"python -m contactcenter.translations {'|'.join(commands)}")
    sys.exit(commands[sys.argv[1]]())
