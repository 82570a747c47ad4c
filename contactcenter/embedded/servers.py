"""Where PostgreSQL and Redis come from: decided on the first start, kept on all later ones.

Order: their URL → the machine → the wheels. SERVERS=url|system|wheels forces one for both.
Data made by one version must never be opened by another, so a choice that no longer holds is
said, never silently replaced.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contactcenter.embedded import postgres, redis
from contactcenter.embedded.account import Account
from contactcenter.embedded.binaries import Choice
from contactcenter.embedded.trouble import Trouble

SOURCES = ("url", "system", "wheels")
MEMORY = "servers.json"


@dataclass(frozen=True)
class Kind:
    name: str
    key: str
    variable: str
    ask_for: str
    minimum: tuple[int, ...]
    on_machine: Callable[[Account | None], Iterable[Choice]]
    in_wheel: Callable[[], Iterable[Choice]]
    keeps_data: bool


def _kind(module: Any, *, keeps_data: bool) -> Kind:
    return Kind(
        name=module.NAME,
        key=module.NAME.lower(),
        variable=module.VARIABLE,
        ask_for=module.ASK_FOR,
        minimum=module.MINIMUM,
        on_machine=module.on_machine,
        in_wheel=module.in_wheel,
        keeps_data=keeps_data,
    )


POSTGRES = _kind(postgres, keeps_data=True)
REDIS = _kind(redis, keeps_data=False)


def wish() -> str:
    """What SERVERS says: a source, or empty for the usual order."""
    wished = os.environ.get("SERVERS", "auto").strip().lower()
    if wished not in ("", "auto", *SOURCES):
        raise Trouble(f"SERVERS={wished} is not known: auto, url, system or wheels.")
    return "" if wished == "auto" else wished


def decide(
    kind: Kind, memory: Mapping[str, Any], account: Account | None, data_version: str = ""
) -> Choice:
    """The server to use: what `memory` (var/servers.json) says, or chosen now.

    `data_version` is what made the data that is there already, if any.
    Raises Trouble with one sentence when there is none, or when wishes contradict each other.
    """
    wished, known = wish(), memory.get(kind.key)
    if not known:
        return choose(kind, wished, account, data_version)
    remembered = Choice(**known)
    has_url = bool(os.environ.get(kind.variable))
    if wished and wished != remembered.source:
        raise _contradiction(kind, remembered, f"SERVERS={wished}")
    if remembered.source == "url":
        if not has_url:
            raise _contradiction(kind, remembered, f"{kind.variable} is not set now")
        return remembered
    if has_url and not wished:
        raise _contradiction(kind, remembered, f"{kind.variable} is set now")
    if data_version and data_version != remembered.version:
        raise _contradiction(kind, remembered, f"the data in it are of version {data_version}")
    found = _found(kind, remembered.source, account)
    same = [choice for choice in found if choice.version == remembered.version]
    if same:
        programs = [choice.program for choice in same]
        return remembered if remembered.program in programs else same[0]
    if kind.keeps_data:
        raise _contradiction(kind, remembered, f"{kind.name} {remembered.version} is gone")
    return choose(kind, remembered.source, account)


def choose(kind: Kind, wished: str, account: Account | None, data_version: str = "") -> Choice:
    """The first source that has it, its newest version; only one that can open the data."""
    for source in [wished] if wished else SOURCES:
        if source == "url":
            if os.environ.get(kind.variable):
                return Choice("url")
            continue
        found = [choice for choice in _found(kind, source, account) if choice.order >= kind.minimum]
        if data_version:
            found = [choice for choice in found if choice.version == data_version]
        if found:
            return max(found, key=lambda choice: choice.order)
    raise Trouble(_missing(kind, wished, data_version))


def _found(kind: Kind, source: str, account: Account | None) -> list[Choice]:
    return list(kind.on_machine(account) if source == "system" else kind.in_wheel())


def _missing(kind: Kind, wished: str, data_version: str) -> str:
    if data_version:
        return (
            f"The data in var/ were made by {kind.name} {data_version}, which is not here: "
            "install that version, or erase everything with bin/run --fresh."
        )
    if wished == "url":
        return f"SERVERS=url, but {kind.variable} is not set."
    where = f"SERVERS={wished}, but there" if wished else "There"
    return f"{where} is no {kind.ask_for}; or set {kind.variable}."


def _contradiction(kind: Kind, remembered: Choice, fact: str) -> Trouble:
    source = {"url": f"by {kind.variable}", "system": "of this machine", "wheels": "of the wheels"}
    what = f"{kind.name} {remembered.version}".strip()
    return Trouble(
        f"var/ was made with {what} {source[remembered.source]}, but {fact}: put that back, choose "
        "another folder with VAR_DIR, or erase everything with bin/run --fresh."
    )
