"""One table of formats: how each is called, what it carries, and whether it may be shown in a page.

Pure data: the child that opens files reads it without Django.
"""

from dataclasses import dataclass
from pathlib import PurePath

KINDS = ("image", "video", "document", "audio")


@dataclass(frozen=True)
class Format:
    kind: str
    label: str  # in the box: a name, the same in every language, or a msgid of `box.WORDS`
    type: str  # MIME, as it is served
    extensions: tuple[str, ...]  # the first is the one a name gets
    is_inline: bool = False  # a page may show it; everything else leaves as attachment
    codecs: frozenset[str] = frozenset()  # FFmpeg's names; of video and sound together


H264 = frozenset({"h264", "aac"})
WEB = frozenset({"vp8", "vp9", "opus", "vorbis"})
AMR = frozenset({"amrnb", "amrwb", "amr_nb", "amr_wb"})
OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."

FORMATS: dict[str, Format] = {
    "jpeg": Format("image", "JPG", "image/jpeg", ("jpg", "jpeg", "jfif", "jpe"), True),
    "png": Format("image", "PNG", "image/png", ("png",), True),
    "webp": Format("image", "WebP", "image/webp", ("webp",), True),
    "gif": Format("image", "GIF", "image/gif", ("gif",), True),
    "heic": Format("image", "HEIC", "image/heic", ("heic", "heif", "hif")),
    "mp4": Format("video", "MP4", "video/mp4", ("mp4", "m4v"), True, H264),
    "3gp": Format("video", "3GP", "video/3gpp", ("3gp", "3gpp", "3g2"), True, H264),
    "webm": Format("video", "WebM", "video/webm", ("webm",), True, WEB),
    "mov": Format("video", "MOV", "video/quicktime", ("mov", "qt"), False, H264),
    "pdf": Format("document", "PDF", "application/pdf", ("pdf",)),
    "docx": Format("document", "Word", OOXML + "wordprocessingml.document", ("docx", "dotx")),
    "doc": Format("document", "Word", "application/msword", ("doc", "dot")),
    "xlsx": Format("document", "Excel", OOXML + "spreadsheetml.sheet", ("xlsx", "xltx")),
    "xls": Format("document", "Excel", "application/vnd.ms-excel", ("xls", "xlt")),
    "pptx": Format(
        "document", "PowerPoint", OOXML + "presentationml.presentation", ("pptx", "ppsx", "potx")
    ),
    "ppt": Format("document", "PowerPoint", "application/vnd.ms-powerpoint", ("ppt", "pps")),
    "odt": Format("document", "OpenDocument", ODF + "text", ("odt",)),
    "ods": Format("document", "OpenDocument", ODF + "spreadsheet", ("ods",)),
    "odp": Format("document", "OpenDocument", ODF + "presentation", ("odp",)),
    "txt": Format("document", "text", "text/plain", ("txt", "text", "log", "md")),
    "csv": Format("document", "CSV", "text/csv", ("csv", "tsv")),
    "mp3": Format("audio", "MP3", "audio/mpeg", ("mp3",), True, frozenset({"mp3"})),
    "aac": Format("audio", "AAC", "audio/aac", ("aac",), True, frozenset({"aac"})),
    "m4a": Format("audio", "M4A", "audio/mp4", ("m4a", "mp4", "m4b"), True, frozenset({"aac"})),
    "amr": Format(
        "audio",
        "AMR",
        "audio/amr",
        ("amr",),
        True,
        AMR,
    ),
    "ogg": Format("audio", "OGG", "audio/ogg", ("ogg", "oga", "opus"), True, frozenset({"opus"})),
    "vorbis": Format(
        "audio", "OGG Vorbis", "audio/ogg", ("ogg", "oga"), True, frozenset({"vorbis"})
    ),
    "weba": Format(
        "audio", "WebM", "audio/webm", ("weba", "webm"), True, frozenset({"opus", "vorbis"})
    ),
}

# What a channel does not take, but what we make of it may be taken.
CONVERTED = {"heic": "jpeg", "mov": "mp4", "weba": "ogg"}
CONVERSIONS = {"heic": "heic_to_jpeg", "mov": "mov_to_mp4", "weba": "webm_to_ogg"}

# A name that ends so is a program to somebody's computer, whatever lies in the file.
PROGRAMS = """
apk app appx bat cmd com cpl dll dmg exe gadget hta inf iso jar js jse lnk msc msi msix msp pif ps1
psm1 reg scf scr sct sh sys url vb vbe vbs wsf wsh
"""
RUNNABLE = frozenset(PROGRAMS.split())
# And so is a page, which a browser would open with whatever script is in it.
PAGES = frozenset({"htm", "html", "mht", "mhtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl"})


def extension(name: str) -> str:
    """Lower case, without the dot; Windows drops dots and spaces at the end of a name, so do we."""
    return PurePath(name.rstrip(". ")).suffix.lstrip(".").lower()


def accepted(formats: frozenset[str]) -> frozenset[str]:
    """These, and what we can turn into one of them: what a file picker offers."""
    return formats | {source for source, target in CONVERTED.items() if target in formats}


def fitting_name(name: str, format_key: str) -> str:
    """The name with an ending that says what the file is: "cv.jpg" that is a PDF is "cv.pdf"."""
    known = FORMATS[format_key].extensions
    if extension(name) in known:
        return name
    others = {each for form in FORMATS.values() for each in form.extensions}
    stem = name.rpartition(".")[0] if extension(name) in others else name
    return f"{stem or 'file'}.{known[0]}"
