"""Small files of every format that is read, made here: nothing is fetched, nothing binary is kept."""

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence

import docx

VALE = "Elias Vale was pilot master of Wendmouth from 1898 to 1911, and he kept the log of the harbour in his own hand."
HART = "Greta Hart owned the Northern Grace, and she sold her in Riga to the Harbour Trust in the spring of 1902."


def pdf(*pages: Sequence[str], title: str = "", extra: str = "") -> bytes:
    """A PDF with a page for each sequence of lines; *extra* goes into its trailer."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content = f"BT /F1 10 Tf 14 TL 40 800 Td {shown} ET" if lines else "9 9 50 50 re f"
        page = f"/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R"
        bodies += [
            f"<< /Type /Page /Parent 2 0 R {page} >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    bodies.append(f"<< /Title ({_escaped(title)}) /Author (Greta Hart) /CreationDate (D:19020503120000Z) >>")
    return _numbered(bodies, extra)


def _numbered(bodies: Sequence[str], extra: str) -> bytes:
    data, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start, size = len(data), len(bodies) + 1
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R {extra} >>"
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


LOCKED = f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
"""What makes a PDF ask for a password that nobody knows."""


def word() -> bytes:
    """A Word file with headings, a list and a table."""
    document = docx.Document()
    document.core_properties.author = "Greta Hart"
    document.add_heading("The North Quay", 0)
    document.add_paragraph(VALE)
    document.add_heading("Dues", 1)
    for item in ("Coal, sixpence", "Salt, fourpence"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("Ship", "Year"), ("Northern Grace", "1889")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    """The bytes of a Word file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Elias Vale | Harbour Museum</title>
<meta name="author" content="Greta Hart"><meta property="article:published_time" content="2021-03-04T10:00:00Z"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav>
<article><h1>Elias Vale</h1><p>{VALE}</p><h2>The <b>Grace</b></h2><p>{HART} She cost 5 * 3 < 20 pounds.</p>
<ul><li>Pilot, 1898</li><li>Master, 1902</li></ul>
<table><tr><th>Ship</th><th>Year</th></tr><tr><td>Northern Grace</td><td>1889</td></tr></table></article>
<footer><p>Copyright of the museum</p></footer></body></html>"""
MAIL = f"""From: Elias Vale <vale@example.org>\r
To: Greta Hart <hart@example.org>, trust@example.org\r
Subject: =?utf-8?b?7ZWt6rWs?= dues\r
Date: Tue, 4 May 2021 23:30:00 +0900\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="edge"\r
\r
--edge\r
Content-Type: text/plain; charset=utf-8\r
\r
{VALE}\r
--edge\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename="dues.pdf"\r
\r
%PDF\r
--edge--\r
"""
SUBRIP = """1
00:00:01,000 --> 00:00:03,000
VALE: The dues of the harbour
are paid

2
00:00:03,100 --> 00:00:05,000
in <i>Riga</i>.

3
00:01:05,100 --> 00:01:09,000
- HART: No.
"""
WEBVTT = """WEBVTT

NOTE made by hand

00:01.000 --> 00:03.000 align:start
<v Elias Vale>The dues are paid.

01:00:04.000 --> 01:00:05.000
<v Greta Hart>Thanks.</v>
"""
RESTRUCTURED = f"""====
Port
====

{VALE}

Dues
----

{HART}

Coal
~~~~

Sixpence.
"""
FRONT = f"""---
title: The North Quay
date: 1902-05-03
tags: [quay, dues]
---

# Quay

{VALE}
"""
CODE = f'# the harbour\n\n\ndef dues(ship):\n    """{VALE}"""\n    return ship.tons * 6\n'
CSV = f'id;title;text;year\n1;Vale;"He said ""no"",\nand left. {VALE}";1902\n2;Hart;{HART};\n'
FILES: Mapping[str, bytes] = {
    "page.html": PAGE.encode(),
    "log.pdf": pdf([VALE, HART], [], [HART], title="Log of the harbour"),
    "quay.docx": word(),
    "dues.eml": MAIL.encode(),
    "talk.srt": SUBRIP.encode(),
    "talk.vtt": WEBVTT.encode(),
    "port.rst": RESTRUCTURED.encode(),
    "quay.md": FRONT.encode(),
    "dues.py": CODE.encode(),
    "crew.csv": CSV.encode(),
    "crew.tsv": f"title\ttext\nVale\t{VALE}\n".encode(),
    "crew.jsonl": f'{{"id":1,"text":"{VALE}"}}\n{{"id":2,"text":"{HART}"}}\n'.encode(),
    "note.txt": VALE.encode(),
    "note.txt.gz": gzip.compress(VALE.encode(), mtime=0),
    "old.zip": zipped({"in/quay.md": FRONT.encode(), "in/log.pdf": pdf([HART])}),
}
"""One file of each format, by name."""
