"""What is expected of office documents and of text."""
# ruff: noqa: E501 (a table: one row a line)

import io
import struct
import zipfile
import zlib

from media.checks.signatures import TEST_VIRUS
from media.tests.corpus import writing
from media.tests.corpus.case import WEB, WHATSAPP, Case, cut
from media.tests.corpus.compound_files import compound
from media.tests.corpus.writing import (
    archive,
    excel,
    office,
    open_document,
    powerpoint,
    relation,
    sheet,
    word,
)

DOCUMENT, WEB_DOCUMENT = WHATSAPP["document"], WEB["document"]
OBJECT = "\1Ole10Native"
EMBEDDED = "word/embeddings/oleObject1.bin"
SETTINGS = "word/_rels/settings.xml.rels"


def wrapped(name: str, body: bytes) -> bytes:
    """A file that was dropped on a document, as Windows wraps it."""
    place = b"C:\\" + name.encode() + b"\0"
    said = struct.pack("<H", 2) + name.encode() + b"\0" + place + struct.pack("<HH", 0, 3)
    said += struct.pack("<I", len(place)) + place + struct.pack("<I", len(body)) + body
    return struct.pack("<I", len(said)) + said


def carried(name: str, body: bytes) -> bytes:
    return compound({OBJECT: wrapped(name, body)})


def carried_document(body: bytes) -> bytes:
    """A document in a document, as Word puts it into a compound file."""
    return compound({"Package": body})


def begun_anew(kind: str, old: bytes, new: bytes) -> bytes:
    """The same as a template or a show: another type of its main part."""
    return archive({n: body.replace(old, new) for n, body in parts_of(office(kind)).items()})


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_part(name: str, body: bytes, kind: str = "docx") -> bytes:
    return office(kind, {name: body})


GOOD = [
    Case("Word", "a.docx", DOCUMENT, office),
    Case("Excel", "a.xlsx", DOCUMENT, lambda: office("xlsx")),
    Case("PowerPoint", "a.pptx", DOCUMENT, lambda: office("pptx")),
    Case("Word with a link", "a.docx", DOCUMENT, lambda: with_part("word/_rels/document.xml.rels", relation("hyperlink", "https://example.org"))),
    Case("Word with a drawing (SVG) of Office 365", "a.docx", DOCUMENT, lambda: with_part("word/media/image2.svg", b"<svg/>")),
    Case("Word with a template of this computer", "a.docx", DOCUMENT, lambda: with_part(SETTINGS, relation("attachedTemplate", "file:///C:\\Users\\Ana\\Normal.dotm"))),
    Case("PowerPoint with a sheet in it", "a.pptx", DOCUMENT, lambda: with_part("ppt/embeddings/Sheet.xlsx", office("xlsx"), "pptx")),
    Case("Word with a text file as object", "a.docx", DOCUMENT, lambda: with_part(EMBEDDED, carried("notes.txt", b"hi"))),
    Case("Word with a picture as object, MZ in its pixels", "a.docx", DOCUMENT, lambda: with_part(EMBEDDED, carried("a.png", b"\x89PNG" + b"xMZ" * 99))),
    Case("PowerPoint with a chart (a sheet in a compound file)", "a.pptx", DOCUMENT, lambda: with_part("ppt/embeddings/oleObject1.bin", carried_document(office("xlsx")), "pptx")),
    Case("PowerPoint with a film", "a.pptx", DOCUMENT, lambda: with_part("ppt/media/media1.mp4", b"\0\0\0\x18ftypmp42" + bytes(99), "pptx")),
    Case("Excel with a printer's settings and a form control", "a.xlsx", DOCUMENT, lambda: office("xlsx", {"xl/printerSettings/printerSettings1.bin": bytes(300), "xl/ctrlProps/ctrlProp1.xml": b"<x/>"})),
    Case("Excel that counts on another workbook", "a.xlsx", DOCUMENT, lambda: with_part("xl/externalLinks/_rels/externalLink1.xml.rels", relation("externalLinkPath", "https://corp.example/budget.xlsx"), "xlsx")),
    Case("Word with a letter's fields", "a.docx", DOCUMENT, lambda: with_part("word/header1.xml", b"<w:instrText> PAGE </w:instrText><w:instrText>MERGEFIELD Name</w:instrText>")),
    Case("Word template", "a.dotx", DOCUMENT, lambda: begun_anew("docx", b"document.main", b"template.main"), format="docx"),
    Case("PowerPoint show", "a.ppsx", DOCUMENT, lambda: begun_anew("pptx", b"presentation.main", b"slideshow.main"), format="pptx"),
    Case("PowerPoint of 2003 with a sheet in it", "a.ppt", DOCUMENT, lambda: powerpoint(_object(excel(sheet(0)), is_packed=True))),
    Case("Word of 2003", "a.doc", DOCUMENT, word),
    Case("Excel of 2003", "a.xls", DOCUMENT, lambda: excel(sheet(0))),
    Case("PowerPoint of 2003", "a.ppt", DOCUMENT, powerpoint),
    Case("OpenDocument, in the web chat", "a.odt", WEB_DOCUMENT, open_document),
    Case("OpenDocument with an empty list of Basic", "a.odt", WEB_DOCUMENT, lambda: open_document({"Basic/script-lc.xml": b"<x/>"})),
    Case("text", "a.txt", DOCUMENT, lambda: "¡Hola, Lucía!\n".encode()),
    Case("text with a mark (BOM)", "a.txt", DOCUMENT, lambda: "\ufeffHola\r\n".encode()),
    Case("text, UTF-16 of Windows", "a.txt", DOCUMENT, lambda: "Señor 😀".encode("utf-16")),
    Case("text, Latin-1", "a.txt", DOCUMENT, lambda: "Señor".encode("latin-1")),
    Case("text about a web page", "a.txt", DOCUMENT, lambda: b"<html><script>alert(1)</script>"),
    Case("CSV of Excel with a mark (BOM)", "a.csv", DOCUMENT, lambda: "\ufeffNombre;Año\r\n".encode()),
    Case("CSV with tabs", "a.tsv", DOCUMENT, lambda: b"a\tb\n"),
    Case("CSV of Excel", "a.csv", DOCUMENT, lambda: "Nombre;Año\nMuñoz;2026\n".encode("cp1252")),
    Case("text without an ending", "README", DOCUMENT, lambda: b"read me"),
]  # fmt: skip

MACROS = [
    Case("Word with macros", "a.docm", DOCUMENT, lambda: office("docm", {"word/vbaProject.bin": b"x"}), "macros"),
    Case("Word with macros called .docx", "a.docx", DOCUMENT, lambda: office("docm", {"word/vbaProject.bin": b"x"}), "macros"),
    Case("Excel with macros called .xlsx", "a.xlsx", DOCUMENT, lambda: office("xlsm", {"xl/vbaProject.bin": b"x"}), "macros"),
    Case("Word, macros under another name", "a.docx", DOCUMENT, lambda: office("docx", types='<Override PartName="/word/x.jpg" ContentType="application/vnd.ms-office.vbaProject"/>'), "macros"),
    Case("Excel with a macro sheet of 1992", "a.xlsx", DOCUMENT, lambda: with_part("xl/macrosheets/sheet1.xml", b"<x/>", "xlsx"), "macros"),
    Case("Word with macros in a sheet in it", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/a.xlsx", office("xlsm", {"xl/vbaProject.bin": b"x"})), "macros"),
    Case("Word, macros under another name, by its relation", "a.docx", DOCUMENT, lambda: with_part("word/_rels/document.xml.rels", relation("vbaProject", "x.dat", "")), "macros"),
    Case("PowerPoint, macros in a sheet in a compound file", "a.pptx", DOCUMENT, lambda: with_part("ppt/embeddings/oleObject1.bin", carried_document(office("xlsm", {"xl/vbaProject.bin": b"x"})), "pptx"), "macros"),
    Case("Word of 2003, macros in a document in it", "a.doc", DOCUMENT, lambda: word(**{"ObjectPool/_1/Package": office("docm", {"word/vbaProject.bin": b"x"})}), "macros"),
    Case("OpenDocument that calls a script of the computer", "a.odt", WEB_DOCUMENT, lambda: open_document({"styles.xml": b'<x xlink:href="vnd.sun.star.script:../x.py$y"/>'}), "macros"),
    Case("Word of 2003 with macros", "a.doc", DOCUMENT, lambda: word(**{"Macros/VBA/dir": b"x", "Macros/PROJECT": b"y"}), "macros"),
    Case("Excel of 2003 with macros", "a.xls", DOCUMENT, lambda: compound({"Workbook": bytes(20), "_VBA_PROJECT_CUR/VBA/dir": b"x"}), "macros"),
    Case("Excel of 2003 with a macro sheet", "a.xls", DOCUMENT, lambda: excel(sheet(0), sheet(1)), "macros"),
    Case("PowerPoint of 2003 with macros", "a.ppt", DOCUMENT, lambda: powerpoint(writing.powerpoint_macros()), "macros"),
    Case("OpenDocument with Basic", "a.odt", WEB_DOCUMENT, lambda: open_document({"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    Case("OpenDocument with Python", "a.odt", WEB_DOCUMENT, lambda: open_document({"Scripts/python/a.py": b"x"}), "macros"),
]  # fmt: skip

ENCRYPTED = [
    Case("Word with a password", "a.docx", DOCUMENT, lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
    Case("archive with a password, called .docx", "a.docx", DOCUMENT, writing.encrypted_archive, "encrypted"),
    Case("Word of 2003 with a password", "a.doc", DOCUMENT, lambda: word(0x0100), "encrypted"),
    Case("Excel of 2003 with a password", "a.xls", DOCUMENT, lambda: excel((0x2F, bytes(6)), sheet(0)), "encrypted"),
    Case("PowerPoint of 2003 with a password", "a.ppt", DOCUMENT, lambda: powerpoint(EncryptedSummary=b"x"), "encrypted"),
    Case("OpenDocument with a password", "a.odt", WEB_DOCUMENT, lambda: open_document(manifest=b"<manifest:encryption-data/>"), "encrypted"),
]  # fmt: skip

ACTIVE = [
    Case("Word with a template from afar", "a.docx", DOCUMENT, lambda: with_part(SETTINGS, relation("attachedTemplate", "https://mallory.example/x.dotm")), "active"),
    Case("Word with a template on a share", "a.docx", DOCUMENT, lambda: with_part(SETTINGS, relation("attachedTemplate", "\\\\mallory\\x.dotm")), "active"),
    Case("Word with a template on a share, as file:", "a.docx", DOCUMENT, lambda: with_part(SETTINGS, relation("attachedTemplate", "file://mallory/x.dotm")), "active"),
    Case("Word with an object from afar", "a.docx", DOCUMENT, lambda: with_part("word/_rels/document.xml.rels", relation("oleObject", "mhtml:http://mallory.example!x")), "active"),
    Case("Word with a program as object", "a.docx", DOCUMENT, lambda: with_part(EMBEDDED, carried("cv.exe", b"MZ" + bytes(9))), "active"),
    Case("Word with a program as object called .txt", "a.docx", DOCUMENT, lambda: with_part(EMBEDDED, carried("cv.txt", b"MZ" + bytes(9))), "active"),
    Case("Word with a script as object", "a.docx", DOCUMENT, lambda: with_part(EMBEDDED, carried("cv.vbs", b"x")), "active"),
    Case("Word with ActiveX", "a.docx", DOCUMENT, lambda: with_part("word/activeX/activeX1.bin", b"x"), "active"),
    Case("Word with a program among its pictures", "a.docx", DOCUMENT, lambda: with_part("word/media/a.png", b"MZ\x90"), "active"),
    Case("Word that asks another program (DDE)", "a.docx", DOCUMENT, lambda: with_part("word/document.xml", b"<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\cmd</w:instrText>"), "active"),
    Case("Word that asks another program in its header", "a.docx", DOCUMENT, lambda: with_part("word/header1.xml", b"<w:instrText>DDEAUTO c:\\\\cmd</w:instrText>"), "active"),
    Case("Word whose definitions come late", "a.docx", DOCUMENT, lambda: with_part("word/styles.xml", b"<!--" + b" " * (1 << 20) + b"--><!DOCTYPE x [<!ENTITY a 'aa'>]><x/>"), "active"),
    Case("Excel that asks another program (DDE)", "a.xlsx", DOCUMENT, lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x><ddeLink ddeService='cmd'/></x>", "xlsx"), "active"),
    Case("Word whose XML grows (billion laughs)", "a.docx", DOCUMENT, lambda: with_part("word/styles.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'), "active"),
    Case("Word with a member that climbs out", "a.docx", DOCUMENT, lambda: with_part("../../etc/passwd", b"x"), "active"),
    Case("PowerPoint of 2003 with a program as object", "a.ppt", DOCUMENT, lambda: powerpoint(_object(carried("cv.exe", b"MZ"))), "active"),
    Case("PowerPoint of 2003 with a program as object, packed", "a.ppt", DOCUMENT, lambda: powerpoint(_object(carried("cv.exe", b"MZ"), is_packed=True)), "active"),
    Case("Word of 2003 with a program as object", "a.doc", DOCUMENT, lambda: word(**{"ObjectPool/_1/" + OBJECT: wrapped("a.exe", b"MZ")}), "active"),
]  # fmt: skip

BOMBS = [
    Case("archive of zeros called .docx", "a.docx", DOCUMENT, lambda: with_part("word/media/a.bin", bytes(300 << 20)), "archive_too_big"),
    Case("Excel whose sheet unpacks to 300 MB", "a.xlsx", DOCUMENT, lambda: with_part("xl/worksheets/sheet1.xml", b"<x/>" + b" " * (300 << 20), "xlsx"), "archive_too_big"),
    Case("Word with documents in documents in documents", "a.docx", DOCUMENT, lambda: _in_each_other(6), "archive_too_big"),
    Case("Word that lies about a size", "a.docx", DOCUMENT, writing.lying_about_sizes, "damaged"),
    Case("Word with archives in archives (42.zip)", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/a.zip", writing.nested(4)), "archive_too_big"),
    Case("Word of 25,000 members", "a.docx", DOCUMENT, lambda: office(more={f"a/{n}": b"" for n in range(25_000)}), "archive_too_big"),
]  # fmt: skip

LIES = [
    Case("archive", "a.zip", DOCUMENT, lambda: archive({"a.txt": b"hi"}), "wrong_type", format="zip"),
    Case("archive called .docx", "a.docx", DOCUMENT, lambda: archive({"a.txt": b"hi"}), "wrong_type", format="zip"),
    Case("JAR called .docx", "a.docx", DOCUMENT, lambda: archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "wrong_type", format="jar"),
    Case("Word packed as no Word packs it", "a.docx", DOCUMENT, writing.packed_strangely, "damaged"),
    Case("OpenDocument to WhatsApp", "a.odt", DOCUMENT, open_document, "wrong_type", format="odt"),
    Case("program", "a.exe", DOCUMENT, lambda: b"MZ" + bytes(99), "wrong_type", format="exe"),
    Case("program called .pdf", "a.pdf", DOCUMENT, lambda: b"MZ" + bytes(99), "wrong_type", format="exe"),
    Case("program called .docx", "a.docx", DOCUMENT, lambda: b"\x7fELF" + bytes(99), "wrong_type", format="elf"),
    Case("Word called .exe", "a.exe", DOCUMENT, office, "wrong_type"),
    Case("Word called .pdf", "a.pdf", DOCUMENT, office, format="docx"),
    Case("installer (MSI) called .doc", "a.doc", DOCUMENT, lambda: compound({"Property": b"x"}), "wrong_type", format="ole"),
    Case("RTF", "a.rtf", DOCUMENT, lambda: b"{\\rtf1 hola}", "wrong_type", format="rtf"),
    Case("RTF called .doc", "a.doc", DOCUMENT, lambda: b"{\\rtf1{\\object\\objdata 0105}}", "wrong_type", format="rtf"),
    Case("web page", "a.html", DOCUMENT, lambda: b"<html>", "wrong_type", format="html"),
    Case("batch file", "a.bat", DOCUMENT, lambda: b"@echo off", "wrong_type", format="bat"),
    Case("batch file with dots behind it", "a.bat. .", DOCUMENT, lambda: b"@echo off", "wrong_type", format="bat"),
    Case("text called .pdf", "a.pdf", DOCUMENT, lambda: b"hello", "wrong_type"),
    Case("zeros called .txt", "a.txt", DOCUMENT, lambda: b"hello\0" * 9, "wrong_type"),
    Case("zeros late in a text", "a.txt", DOCUMENT, lambda: b"hello\n" * 20_000 + b"\0", "damaged"),
    Case("the test virus (EICAR)", "a.txt", DOCUMENT, lambda: TEST_VIRUS, "virus"),
    Case("the test virus called .com", "eicar.com", DOCUMENT, lambda: TEST_VIRUS, "virus"),
    Case("the test virus in a Word file", "a.docx", DOCUMENT, lambda: with_part("word/media/a.txt", TEST_VIRUS), "virus"),
    Case("the test virus where two blocks meet", "a.docx", DOCUMENT, lambda: with_part("word/media/a.bin", bytes((1 << 20) - 30) + TEST_VIRUS), "virus"),
    Case("the test virus in an archive in a Word file", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/a.zip", archive({"a.txt": TEST_VIRUS})), "virus"),
    Case("program called invoice.pdf.exe", "invoice.pdf.exe", DOCUMENT, lambda: b"MZ" + bytes(99), "wrong_type", format="exe"),
    Case("program whose name is written from right to left", "invoice\u202efdp.exe", DOCUMENT, lambda: b"MZ" + bytes(99), "wrong_type", format="exe"),
    Case("drawing (SVG) as a document", "a.svg", DOCUMENT, lambda: b"<svg/>", "wrong_type", format="svg"),
    Case("card of an address book", "a.vcf", DOCUMENT, lambda: b"BEGIN:VCARD\nEND:VCARD\n", "wrong_type", format="vcf"),
    Case("text of 101 MB", "a.txt", DOCUMENT, lambda: b"hola\n" * (21 << 20), "too_big"),
    Case("an empty document", "a.docx", DOCUMENT, lambda: b"", "empty"),
    Case("an empty archive called .docx", "a.docx", DOCUMENT, lambda: archive({}), "wrong_type"),
    Case("Word, 40% of it", "a.docx", DOCUMENT, cut(office, 0.4), "damaged"),
    Case("Word, 90% of it", "a.docx", DOCUMENT, cut(office, 0.9), "damaged"),
    Case("Word of 2003, 40% of it", "a.doc", DOCUMENT, cut(word, 0.4), "damaged"),
    Case("Excel of 2003, 70% of it", "a.xls", DOCUMENT, cut(lambda: excel(sheet(0)), 0.7), "damaged"),
]  # fmt: skip


def _object(body: bytes, *, is_packed: bool = False) -> bytes:
    if is_packed:
        body = struct.pack("<I", len(body)) + zlib.compress(body)
    return struct.pack("<HHI", is_packed << 4, 0x1011, len(body)) + body


def _in_each_other(depth: int) -> bytes:
    inner = office()
    for _ in range(depth):
        inner = with_part("word/embeddings/a.docx", inner)
    return inner


CASES = [*GOOD, *MACROS, *ENCRYPTED, *ACTIVE, *BOMBS, *LIES]
