"""What a file is by its first bytes, in plain Python: nothing is decoded here.

The name counts only against a file (a program's ending) and between kinds of text.
"""

from media.checks import audio_frames
from media.checks.formats import PAGES, RUNNABLE
from media.checks.job import Job, Refused
from media.checks.signatures import ends_as_archive, is_infected

HEAD = 64 << 10  # bytes that are looked at

# What we open: how it begins -> (opener, what to call it before it is opened).
STARTS: list[tuple[bytes, str, str]] = [
    (b"\xff\xd8\xff", "pictures", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "pictures", "png"),
    (b"GIF87a", "animations", "gif"),
    (b"GIF89a", "animations", "gif"),
    (b"%PDF-", "pdf", "pdf"),
    (b"PK\x03\x04", "office", "zip"),
    (b"PK\x05\x06", "office", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office", "ole"),
    (b"#!AMR-WB\n", "sounds", "amr"),
    (b"#!AMR\n", "sounds", "amr"),
    (b"OggS", "sounds", "ogg"),
    (b"\x1aE\xdf\xa3", "films", "webm"),
]
# What we never open, only to be able to say what it is.
OTHERS: list[tuple[bytes, str]] = [
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"\xca\xfe\xba\xbe", "class"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"8BPS", "psd"),
    (b"{\\rtf", "rtf"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"FWS", "swf"),
    (b"CWS", "swf"),
    (b"0&\xb2u\x8ef\xcf\x11", "wmv"),
    (b"caff", "caf"),
    (b"\xff\x0a", "jxl"),
    (b"%!PS", "ps"),
]
BRANDS = {b"M4A ": "m4a", b"M4B ": "m4a", b"qt  ": "mov", b"3gp": "3gp", b"3g2": "3gp"}
HEIF = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
MADE_ANEW = {"pictures", "animations", "office"}  # what stands behind these is lost, or their own
KINDS_OF = {
    "pictures": {"image"},
    "animations": {"image"},
    "sounds": {"audio"},
    "films": {"video", "audio"},
    "pdf": {"document"},
    "office": {"document"},
    "old_office": {"document"},
    "text": {"document"},
}


def opener(job: Job) -> str:
    """The module that opens it; Refused when that needs no opening."""
    if is_infected(job.file):
        raise Refused("virus")
    module, guess = _look(job)
    if job.extension in RUNNABLE | PAGES and job.allowed.kind == "document":
        job.is_a(guess if guess not in {"zip", "ole"} and module != "text" else job.extension)
        raise Refused("wrong_type", format=job.extension)
    if module is None or job.allowed.kind not in KINDS_OF[module]:
        job.is_a(guess)
        raise Refused("wrong_type", format=guess)
    if module not in MADE_ANEW and ends_as_archive(job.file, job.size):
        raise Refused("two_in_one")
    return module


def _look(job: Job) -> tuple[str | None, str]:
    job.file.seek(0)
    head = job.file.read(HEAD)
    if head[:4] == b"RIFF":
        return {b"WEBP": ("animations", "webp"), b"WAVE": (None, "wav")}.get(
            head[8:12], (None, "avi")
        )
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}:
        return _iso(head)
    for start, module, guess in STARTS:
        if head.startswith(start):
            return module, guess
    if job.extension == "pdf" and head.lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-"):
        return "pdf", "pdf"  # a blank line before it is a printer driver's, not an attacker's
    sound = audio_frames.find(job.file, head, has_junk=job.extension in {"mp3", "aac"})
    return ("sounds", sound[0]) if sound else _other(head)


def _iso(head: bytes) -> tuple[str | None, str]:
    """The family of MP4: its brand says which member it means to be."""
    name = head[8:12] if head[4:8] == b"ftyp" else b""
    if name in HEIF:
        return "pictures", "heic"
    if name in {b"avif", b"avis"}:
        return None, "avif"
    return "films", brand(head)


def brand(head: bytes) -> str:
    """The format an MP4 calls itself; before there were brands there was QuickTime."""
    name = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
    return BRANDS.get(name) or BRANDS.get(name[:3]) or "mp4"


def _other(head: bytes) -> tuple[str | None, str]:
    for start, guess in OTHERS:
        if head.startswith(start) and not _reads_as_text(head):
            return None, guess
    if head.startswith((b"{\\rtf", b"%!PS")):
        return None, head[2:5].decode() if head[:1] == b"{" else "ps"
    opening = head.lstrip(b"\xef\xbb\xbf\t\n\r ")[:512].lower()
    for sign, guess in ((b"<svg", "svg"), (b"<!doctype html", "html"), (b"<html", "html")):
        if sign in opening:
            return "text", guess
    return ("text", "txt") if _reads_as_text(head) else (None, "unknown")


def _reads_as_text(head: bytes) -> bool:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True
    return not any(byte < 32 and byte not in b"\t\n\f\r\x1a\x1b" for byte in head[:4096])
