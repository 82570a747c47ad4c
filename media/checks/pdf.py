"""PDF: every object is looked at, also those that are packed into others."""

import io
import itertools
import re
from typing import Any

import pikepdf

from media.checks.formats import RUNNABLE, extension
from media.checks.job import Job, Refused
from media.checks.office import inspect_carried
from media.checks.signatures import is_program, is_test_virus

MOST_OBJECTS = 400_000
MOST_PARTS = 5_000_000  # of all objects together
DEEPEST = 60
MOST_READ = 16 << 20  # bytes of one stream that is read
PACKERS = {"/FlateDecode", "/LZWDecode", "/Fl", "/LZW"}
# Once, now: to read what is encrypted without a password it wants a device that is shut later.
with pikepdf.new() as paper:
    paper.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="-", user=""))
# A key, or the value of /S or /Subtype, that starts something by itself.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/OnInstantiate", "/RichMediaContent", "/RichMediaSettings"}
ACTIVE_NAMES = {"/JavaScript", "/Launch", "/RichMedia", "/ImportData", "/RichMediaExecute"}


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


def inspect(pdf: pikepdf.Pdf) -> None:
    parts = itertools.count()
    for number, each in enumerate(pdf.objects):
        if number > MOST_OBJECTS:
            raise Refused("archive_too_big", objects=number, most=MOST_OBJECTS)
        _walk(each, parts)


def _walk(start: Any, parts: "itertools.count[int]") -> None:
    """One object and what stands directly in it; what it refers to has its own turn."""
    waiting = [(start, 0)]
    while waiting:
        each, depth = waiting.pop()
        if next(parts) > MOST_PARTS or depth > DEEPEST:
            raise Refused("archive_too_big", most=MOST_PARTS)
        if isinstance(each, pikepdf.Stream):
            _look_at_stream(each)
            waiting.append((each.stream_dict, depth + 1))
        elif isinstance(each, pikepdf.Dictionary):
            _look_at(each)
            inner = (each.get(key) for key in set(each.keys()))
            waiting += [(value, depth + 1) for value in inner if _is_inside(value)]
        elif isinstance(each, pikepdf.Array):
            waiting += [(value, depth + 1) for value in each if _is_inside(value)]


def _is_inside(value: Any) -> bool:
    kinds = (pikepdf.Dictionary, pikepdf.Array)
    return isinstance(value, kinds) and not value.is_indirect


def _look_at(each: Any) -> None:
    keys = set(each.keys())
    active = keys & ACTIVE_KEYS
    for key in ("/S", "/Subtype", "/Type"):
        value = each.get(key) if key in keys else None
        if isinstance(value, pikepdf.Name) and str(value) in ACTIVE_NAMES:
            active.add(str(value))
    if active:
        raise Refused("active", what=min(active).lstrip("/"))
    if "/EF" in keys:
        _look_at_attachment(each)
    if "/XFA" in keys:
        _look_at_form(each["/XFA"])


def _look_at_stream(stream: Any) -> None:
    filters = stream.stream_dict.get("/Filter")
    if (
        isinstance(filters, pikepdf.Array)
        and len(PACKERS & {str(f) for f in filters})
        and (sum(str(f) in PACKERS for f in filters) > 1)
    ):
        raise Refused("archive_too_big")


def _look_at_attachment(each: Any) -> None:
    names = [str(each[key]) for key in ("/F", "/UF", "/DOS", "/Unix") if key in each]
    if any(extension(name) in RUNNABLE - {"xml", "html", "htm"} for name in names):
        raise Refused("active", what="attachment")
    for value in each["/EF"].values() if hasattr(each["/EF"], "values") else []:
        if isinstance(value, pikepdf.Stream):
            data = _start_of(value)
            if is_program(data):
                raise Refused("active", what="attachment")
            if is_test_virus(data):
                raise Refused("virus")
            inspect_carried(data)


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
