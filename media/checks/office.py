"""Word, Excel and PowerPoint since 2007, and OpenDocument: archives of XML."""

import io
import re
from xml.etree import ElementTree

from media.checks import compound
from media.checks.archives import MOST_UNPACKED, Archive, has_definitions, nested, whole
from media.checks.formats import RUNNABLE, extension
from media.checks.job import Job, Refused

# Documents, and what begins new ones or shows them: the same without macros.
TYPES = {
    "wordprocessingml.document.main+xml": "docx",
    "wordprocessingml.template.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "spreadsheetml.template.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "pptx",
    "presentationml.template.main+xml": "pptx",
}
MIMES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
MACROS = re.compile(
    rb"macroEnabled|vnd\.ms-office\.vbaProject|intlmacrosheet|macrosheet\+xml", re.I
)
# Parts of which each is a macro, or starts something, whatever they are called in the rest.
MACRO_PARTS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/.+)$", re.I)
ACTIVE_PARTS = re.compile(r"(^|/)activeX/", re.I)
# A part may be called anything; what leads to it says what it is.
MACRO_RELATIONS = {"vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet"}
FETCHED = {"attachedTemplate", "oleObject", "frame", "subDocument", "package"}
SCRIPT_LINKS = re.compile(rb"vnd\.sun\.star\.script:|[\"']macro:", re.I)
FAR = re.compile(
    r"^(https?:|ftp:|mhtml:|mk:|ms-|\\\\|//|file:(//)?[\\/]{0,2}(?![A-Za-z]:|/)[^/\\])", re.I
)
FIELDS = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)\"")
DEEPEST = 5  # documents in documents


def look(job: Job) -> None:
    if not job.file.read(4).startswith(b"PK\x03\x04"):
        job.is_a("zip", "application/zip")
    archive = Archive(job.file, job.size)
    job.is_a(kind_of(archive))
    inspect(archive, job.format, 1)
    job.line("content", True)
    job.line("readable", True)
    job.found["pages"] = _pages(archive, job.format)


def kind_of(archive: Archive) -> str:
    """By what the archive says of itself inside, never by a name."""
    if "[Content_Types].xml" in archive.names:
        types = archive.read("[Content_Types].xml", 4 << 20)
        if MACROS.search(types):
            raise Refused("macros")
        known = {key for name, key in TYPES.items() if name.encode() in types}
        return known.pop() if len(known) == 1 else "zip"
    if "mimetype" in archive.names:
        return MIMES.get(archive.read("mimetype", 256).decode("ascii", "replace").strip(), "zip")
    return "jar" if "META-INF/MANIFEST.MF" in archive.names else "zip"


def inspect(archive: Archive, key: str, depth: int) -> None:
    """Every member unpacked once, and nothing in it that runs, hides or fetches."""
    for member in archive.members:
        name = member.filename
        if MACRO_PARTS.search(name) or (key.startswith("od") and _is_script(name)):
            raise Refused("macros", member=name[-80:])
        if ACTIVE_PARTS.search(name) or extension(name) in RUNNABLE:
            raise Refused("active", what="member", member=name[-80:])
        first = whole(archive, member)
        if first.startswith((b"PK\x03\x04", compound.START)):
            inspect_carried(nested(archive, member), depth, archive)
        elif name.endswith(".rels"):
            _follow(archive.read(name))
        elif name == "META-INF/manifest.xml" and b"encryption-data" in archive.read(name):
            raise Refused("encrypted")
        elif key == "docx" and name.endswith(".xml"):
            _read_fields(archive.read(name, 256 << 20))
        elif key.startswith("od") and name.endswith(".xml") and _has_script_link(archive, name):
            raise Refused("macros", member=name[-80:])
        elif "externalLinks/" in name and b"<ddeLink" in first:
            raise Refused("active", what="dde")


def inspect_carried(data: bytes, depth: int = 0, around: Archive | None = None) -> None:
    """A document in a document. Whatever it unpacks to counts for the one `around` it, too."""
    if not data.startswith((compound.START, b"PK\x03\x04")):
        return
    if depth >= DEEPEST:
        raise Refused("archive_too_big", depth=depth)
    if data.startswith(compound.START):
        compound.inspect(io.BytesIO(data), lambda each: inspect_carried(each, depth + 1))
    else:
        inner = Archive(io.BytesIO(data), len(data))
        if around:
            around.left -= MOST_UNPACKED - inner.left
            inner.left = around.left
        if inner.left < 0:
            raise Refused("archive_too_big", most=MOST_UNPACKED)
        inspect(inner, kind_of(inner), depth + 1)
        if around:
            around.left = inner.left


def _is_script(name: str) -> bool:
    """A module of Basic, or of another language; the list of libraries alone is none."""
    is_basic = name.startswith("Basic/") and not name.endswith(("-lc.xml", "-lb.xml"))
    return is_basic or name.startswith("Scripts/")


def _has_script_link(archive: Archive, name: str) -> bool:
    """To a script of this document, or of the computer it is opened on."""
    return bool(SCRIPT_LINKS.search(archive.read(name, 256 << 20)))


def _follow(relations: bytes) -> None:
    """What a document would fetch by itself; a link that a person clicks on is none of it."""
    if has_definitions(relations):
        raise Refused("active", what="entities")
    try:
        tree = ElementTree.fromstring(relations)  # noqa: S314 (no definitions: see above)
    except ElementTree.ParseError as error:
        raise Refused("damaged") from error
    for each in tree:
        what = each.get("Type", "").rpartition("/")[2]
        if what in MACRO_RELATIONS:
            raise Refused("macros")
        is_outside = each.get("TargetMode", "").lower() == "external"
        if is_outside and what in FETCHED and FAR.match(each.get("Target", "").strip()):
            raise Refused("active", what=what)


def _read_fields(document: bytes) -> None:
    fields = b"".join(first or second for first, second in FIELDS.findall(document))
    if re.search(rb"\bDDE(AUTO)?\b", fields):
        raise Refused("active", what="dde")


def _pages(archive: Archive, key: str) -> int | None:
    if key == "pptx":
        slide = re.compile(r"ppt/slides/slide\d+\.xml$")
        return sum(1 for name in archive.names if slide.match(name)) or None
    if key == "docx" and "docProps/app.xml" in archive.names:
        found = re.search(rb"<Pages>(\d{1,5})</Pages>", archive.read("docProps/app.xml"))
        return int(found.group(1)) if found else None
    return None
