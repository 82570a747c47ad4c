"""PDF: every object is looked at, also those that are packed into others."""

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from media.checks.formats import RUNNABLE, extension
from media.checks.job import Job, Refused
from media.checks.office import inspect_carried
from media.checks.pdf_streams import Streams
from media.checks.signatures import is_program, is_test_virus

MOST_OBJECTS = 400_000
MOST_PARTS = 5_000_000  # of all objects together
DEEPEST = 60
MOST_READ = 16 << 20  # bytes of one stream that is read
MOST_ACTIONS = 1_000  # that one thing starts
DEEPEST_PAPER = 3  # PDFs in PDFs
PACKERS = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/Fl", "/LZW", "/RL"}
# Once, now: to read what is encrypted without a password it wants a device that is shut later.
with pikepdf.new() as paper:
    paper.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="-", user=""))
# A key, or the value of /S or /Subtype, that starts something by itself.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/OnInstantiate", "/RichMediaContent", "/RichMediaSettings"}
# What a person may click on, but what must not happen by itself when a paper or page is opened.
CLICKED = {"/URI", "/SubmitForm", "/GoToR", "/GoToE"}
ELSEWHERE = {"/GoToR", "/GoToE"}
# As qpdf writes it, whatever letters of it were hidden in numbers in the file.
SUSPICIOUS = re.compile(
    rb"/(JS|JavaScript|OnInstantiate|RichMedia|Launch|ImportData|OpenAction|AA|GoTo[RE]|EF|XFA)"
    rb"|/(Fl|LZW|R[Lu])\w*[^\]>]*/(Fl|LZW|R[Lu])|(\[ ){60}|(<<[^<>\[\]]*){60}"
)
ACTIVE_NAMES = {"/JavaScript", "/Launch", "/RichMedia", "/ImportData", "/RichMediaExecute"}


@dataclass
class Walk:
    """Through one file: how deep it lies in others, how much was seen of it."""

    depth: int = 0
    parts: "itertools.count[int]" = field(default_factory=itertools.count)


def look(job: Job) -> None:
    job.is_a("pdf")
    _ends(job)
    job.file.seek(0)
    try:
        with pikepdf.open(job.file, suppress_warnings=True, inherit_page_attributes=False) as pdf:
            inspect(pdf)
            job.found["pages"] = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    if not job.found["pages"]:
        raise Refused("damaged", format="pdf")
    job.line("content", True)
    job.line("readable", True)


def _ends(job: Job) -> None:
    """A cut file has lost its end; what follows the end belongs to another file."""
    job.file.seek(max(0, job.size - (64 << 10)))
    tail = job.file.read()
    at = tail.rfind(b"%%EOF")
    if at < 0:
        raise Refused("damaged", format="pdf")
    rest = tail[at + 5 :].strip(b"\0\t\n\f\r \x1a")
    if len(rest) > 1024 or re.search(rb"PK\x05\x06|<script|<html|<\?php", rest, re.I):
        raise Refused("two_in_one")


def inspect(pdf: pikepdf.Pdf, depth: int = 0) -> None:
    """Most objects are passed over: nothing in them is written as what we look for."""
    walk, streams = Walk(depth), Streams()
    for number, each in enumerate(pdf.objects):
        if number > MOST_OBJECTS:
            raise Refused("archive_too_big", objects=number, most=MOST_OBJECTS)
        said = each
        if isinstance(each, pikepdf.Stream):
            streams.measure(each)
            said = each.stream_dict
        if SUSPICIOUS.search(said.unparse(resolved=True)):
            _walk(said, walk)


def _walk(start: Any, walk: Walk) -> None:
    """One object and what stands directly in it; what it refers to has its own turn."""
    waiting = [(start, 0)]
    while waiting:
        each, depth = waiting.pop()
        if next(walk.parts) > MOST_PARTS or depth > DEEPEST:
            raise Refused("archive_too_big", most=MOST_PARTS)
        if isinstance(each, pikepdf.Dictionary):
            _look_at(each, walk)
            inner = (each.get(key) for key in set(each.keys()))
            waiting += [(value, depth + 1) for value in inner if _is_inside(value)]
        elif isinstance(each, pikepdf.Array):
            waiting += [(value, depth + 1) for value in each if _is_inside(value)]


def _is_inside(value: Any) -> bool:
    kinds = (pikepdf.Dictionary, pikepdf.Array)
    return isinstance(value, kinds) and not value.is_indirect


def _look_at(each: Any, walk: Walk) -> None:
    keys = set(each.keys())
    active = keys & ACTIVE_KEYS
    for key in ("/S", "/Subtype", "/Type"):
        value = each.get(key) if key in keys else None
        if isinstance(value, pikepdf.Name) and str(value) in ACTIVE_NAMES:
            active.add(str(value))
    if _starts_by_itself(each, keys):
        active.add("/OpenAction")
    if active:
        raise Refused("active", what=min(active).lstrip("/"))
    if _is_packed_twice(each.get("/Filter")):
        raise Refused("archive_too_big")
    if "/EF" in keys:
        _look_at_attachment(each, walk)
    if "/XFA" in keys:
        _look_at_form(each["/XFA"])


def _starts_by_itself(each: Any, keys: set[str]) -> bool:
    started = [each["/OpenAction"]] if "/OpenAction" in keys else []
    if "/AA" in keys and isinstance(each["/AA"], pikepdf.Dictionary):
        started += [each["/AA"][key] for key in set(each["/AA"].keys())]
    if str(each.get("/S")) in ELSEWHERE and str(each.get("/F", "")).startswith("\\\\"):
        return True  # a share: opening it tells a stranger who is signed in here
    return any(str(action.get("/S")) in CLICKED for action in _one_after_the_other(started))


def _one_after_the_other(started: list[Any]) -> Iterator[Any]:
    """Actions, and those that follow each of them."""
    waiting = list(started)
    for _ in range(MOST_ACTIONS):
        if not waiting:
            return
        action = waiting.pop()
        if isinstance(action, pikepdf.Dictionary):
            yield action
            following = action.get("/Next")
            waiting += list(following) if isinstance(following, pikepdf.Array) else [following]
    raise Refused("active", what="actions")  # one after the other without end


def _is_packed_twice(filters: Any) -> bool:
    is_list = isinstance(filters, pikepdf.Array)
    return is_list and sum(str(name) in PACKERS for name in filters) > 1


def _look_at_attachment(each: Any, walk: Walk) -> None:
    names = [str(each[key]) for key in ("/F", "/UF", "/DOS", "/Unix") if key in each]
    if any(extension(name) in RUNNABLE for name in names):
        raise Refused("active", what="attachment")
    for value in each["/EF"].values() if hasattr(each["/EF"], "values") else []:
        if isinstance(value, pikepdf.Stream):
            data = _start_of(value)
            if is_program(data):
                raise Refused("active", what="attachment")
            if is_test_virus(data):
                raise Refused("virus")
            inspect_carried(data)
            if b"%PDF-" in data[:1024]:
                _inspect_inner(data, walk.depth + 1)


def _inspect_inner(data: bytes, depth: int) -> None:
    if depth > DEEPEST_PAPER:
        raise Refused("archive_too_big", depth=depth)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as inner:
            inspect(inner, depth)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error


def _look_at_form(form: Any) -> None:
    parts = [form] if isinstance(form, pikepdf.Stream) else list(form)
    for part in parts:
        if isinstance(part, pikepdf.Stream) and re.search(rb"<(\w+:)?script\b", _start_of(part)):
            raise Refused("active", what="XFA")


def _start_of(stream: Any) -> bytes:
    """Unpacked; a stream that is packed beyond reason is not."""
    if len(stream.read_raw_bytes()) > MOST_READ:
        raise Refused("archive_too_big", most=MOST_READ)
    return bytes(stream.read_bytes())
