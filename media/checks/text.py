"""Text: letters in an encoding people use, and nothing that only a program would read."""

import codecs

from media.checks.formats import FORMATS
from media.checks.job import Job, Refused

BLOCK = 1 << 20
CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1a\x1b"))
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def look(job: Job) -> None:
    key = next((k for k in ("txt", "csv") if job.extension in FORMATS[k].extensions), "")
    if not key and job.extension:
        job.is_a(job.extension if job.extension not in FORMATS else "unknown")
        raise Refused("wrong_type", format=job.extension)
    job.is_a(key or "txt")
    start = job.file.read(3)
    marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
    if marked:
        is_text = _decodes(job, marked)
    else:
        is_text = not _has_control(job) and (_decodes(job, "utf-8") or _decodes(job, "cp1252"))
    job.demand("readable", is_text, "damaged", format=key or "txt")


def _has_control(job: Job) -> bool:
    job.file.seek(0)
    while block := job.file.read(BLOCK):
        if len(block.translate(None, CONTROL)) != len(block):
            return True
    return False


def _decodes(job: Job, encoding: str) -> bool:
    job.file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(
        errors="replace" if encoding == "cp1252" else "strict"
    )
    try:
        while block := job.file.read(BLOCK):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
