"""ARCHITECTURE.md and the glossary tell the truth of this commit; the house rules hold."""

import ast
import functools
import importlib
import inspect
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "ARCHITECTURE.md").read_text()
GLOSSARY = (ROOT / "docs/glossary.md").read_text()
ROOMS = ["agents", "media", "conversations", "internalchat", "contactcenter"]
SOURCES = [
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if not {"tests", "migrations"} & set(path.parts)
]
DOORS = ("views", "consumers", "tasks", "consumer")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def names() -> set[str]:
    """`module.function` and `Class.method` of the whole house."""
    known: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        module = module_name(path).split(".")[-1]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                known |= {node.name, f"{module}.{node.name}"}
            if isinstance(node, ast.ClassDef):
                known |= {
                    f"{node.name}.{part.name if not isinstance(part, ast.AnnAssign) else ''}"
                    for part in node.body
                    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
                }
                known |= {
                    f"{node.name}.{target.id}"
                    for part in node.body
                    if isinstance(part, ast.Assign)
                    for target in part.targets
                    if isinstance(target, ast.Name)
                }
    return known


MENTIONED = sorted(set(re.findall(r"`((?:[A-Z]?[a-z]\w*)\.(?:[a-z]\w*))`", TEXT)))


@pytest.mark.parametrize(
    "name",
    [n for n in MENTIONED if not n.endswith((".py", ".md", ".yml", ".toml", ".html", ".js"))],
)
def test_what_architecture_names_exists(name: str) -> None:
    assert name in names()


def test_the_scripts_that_architecture_names_exist() -> None:
    named = set(re.findall(r"`([\w-]+\.js)`", TEXT))
    assert named
    assert named <= {path.name for path in (ROOT / "contactcenter/static/js").rglob("*.js")}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w./]+/[\w.]*)`", TEXT))))
def test_the_paths_it_names_exist(path: str) -> None:
    if path.startswith("/"):
        return  # an address, not a path
    places = [ROOT, *(ROOT / room for room in ROOMS)]
    assert any((place / path).exists() for place in places), path


@pytest.mark.parametrize(
    "model", [m.__name__ for m in apps.get_models() if m.__module__.split(".")[0] in ROOMS]
)
def test_every_noun_is_in_the_glossary(model: str) -> None:
    assert f"`{model}`" in GLOSSARY


VERBS = [
    "agents.presence",
    "agents.hiring",
    "agents.recovery",
    "agents.preferences",
    "media.uploads",
    "media.attaching",
    "media.storing",
    "media.rules",
    "conversations.filing",
    "conversations.inbound",
    "conversations.outbound",
    "conversations.routing",
    "conversations.attending",
    "conversations.closing",
    "conversations.contacts",
    "conversations.merging",
    "conversations.blocking",
    "conversations.transferring",
    "conversations.offering",
    "conversations.handing",
    "conversations.departing",
    "conversations.rebalancing",
    "conversations.releasing",
    "conversations.returning",
    "conversations.missed",
    "conversations.silence",
    "conversations.wrapping_up",
    "conversations.leaving",
    "conversations.staffing",
    "conversations.founding",
    "conversations.noting",
    "conversations.quick_replies",
    "internalchat.posts",
    "internalchat.sharing",
    "internalchat.closing",
]


@pytest.mark.parametrize("module", VERBS)
def test_every_verb_module_is_in_the_glossary_with_verbs_that_exist(module: str) -> None:
    (row,) = [line for line in GLOSSARY.splitlines() if line.startswith(f"| `{module}`")]
    functions = dict(inspect.getmembers(importlib.import_module(module), inspect.isfunction))
    for verb in re.findall(r"`([a-z_]+)`", row.split("|")[2]):
        assert verb in functions, verb


def test_live_is_called_by_broadcasts_only_and_broadcasts_by_verbs_only() -> None:
    """The sockets join live's groups and the heartbeat renders its frames: they listen."""
    for path in SOURCES:
        code = path.read_text()
        if re.search(r"\blive\.(push|tell|tell_visitor|mark_queue)\(", code):
            assert path.name in {"broadcasts.py", "toasts.py", "live.py"}, path
        if re.search(r"\b(broadcasts|toasts)\.(show|drop|tell)", code):
            assert path.stem not in DOORS and "views" not in path.parts, path


def test_doors_write_nothing_themselves() -> None:
    for path in SOURCES:
        is_door = path.stem in DOORS or "views" in path.parts
        if is_door and {"conversations", "internalchat"} & set(path.parts):
            found = re.search(r"\.(save|create|bulk_create|update|delete)\(", path.read_text())
            assert not found, f"{path}: {found}"


def test_every_folder_with_tests_is_run() -> None:
    """`bin/test` without arguments looks into these folders, and only these."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    tests = (path.relative_to(ROOT) for path in ROOT.glob("*/**/test_*.py"))
    homes = {path.parts[0] for path in tests if not path.parts[0].startswith(".")}
    assert homes <= set(known["testpaths"])


def test_nobody_waits_by_the_clock() -> None:
    """Whoever waits for something asks with a deadline (`embedded/waiting.py`). Time passes for its
    own sake between two looks of `queue_status --watch`, and in a fault's story (`pause`)."""
    ours = (path for room in [*ROOMS, "bench", "faults"] for path in (ROOT / room).rglob("*.py"))
    sleepers = {str(path.relative_to(ROOT)) for path in ours if sleeps(path)}
    assert sleepers == {
        "contactcenter/embedded/waiting.py",
        "conversations/management/commands/queue_status.py",
        "faults/kinds.py",
    }


def sleeps(path: Path) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if type(node) is ast.Call)
    return any(ast.unparse(called) == "time.sleep" for called in calls)


def test_the_two_chats_share_what_they_have_in_common() -> None:
    """No twelve lines stand in both (docs/decisions/0006-two-chats.md)."""
    mine, theirs = (stretches(room) for room in ("internalchat", "conversations"))
    assert {mine[each] for each in mine.keys() & theirs.keys()} == set()


def stretches(room: str, length: int = 12) -> dict[tuple[str, ...], str]:
    """Each so many lines in a row, without blank ones and imports, and where they stand."""
    found = {}
    paths = [path for path in SOURCES if room in path.parts]
    for path in [*paths, *(ROOT / "templates" / room).rglob("*.html")]:
        code = [line.strip() for line in path.read_text().splitlines()]
        lines = [line for line in code if line and not line.startswith(("from ", "import "))]
        for at in range(len(lines) - length + 1):
            found[tuple(lines[at : at + length])] = f"{path.name}: {lines[at]}"
    return found


def test_no_html_in_python_or_javascript() -> None:
    scripts = list((ROOT / "contactcenter/static").rglob("*.js"))
    for path in [*SOURCES, *scripts]:
        if path.name == "translations.py":
            continue
        found = re.search(
            r"""["'`]\s*<(div|span|p|a|li|ul|button|form|article|section)\b""", path.read_text()
        )
        assert not found, f"{path}: {found and found.group()}"


def test_no_inline_script_or_style_in_templates() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        code = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", code), path
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", code), path


def test_no_signals_and_no_rooms_for_leftovers() -> None:
    for path in SOURCES:
        assert path.stem not in {"services", "utils", "helpers", "managers", "signals"}, path
        assert "@receiver" not in path.read_text(), path
