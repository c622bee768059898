"""Rows and paragraphs as files of every format that is read."""

import bz2
import csv
import gzip
import html
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import typst
import xlsxwriter  # type: ignore[import-untyped]

Rows = Sequence[Sequence[str]]
"""The header first."""

FRAME = (
    "<!doctype html><html lang=id><head><meta charset=utf-8><title>{title}</title></head><body><nav><a href=/>Beranda</a>"
    "<a href=/profil>Profil</a></nav><main><h1>{title}</h1>{body}</main><footer>Dinas Contoh, Jl. Merdeka 1, telepon"
    " (0511) 3300000, surel dinas@contoh.go.id</footer></body></html>"
)


def page(title: str, body: str) -> bytes:
    """An HTML page with the usual parts."""
    return FRAME.format(title=html.escape(title), body=body).encode()


def html_table(title: str, rows: Rows) -> bytes:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows[1:])
    return page(title, f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def html_layout(title: str, rows: Rows) -> bytes:
    """Label and value in divisions, a block a record."""
    blocks = (
        "".join(
            f"<div class=l>{html.escape(k)}</div><div class=v>: {html.escape(v)}</div>"
            for k, v in zip(rows[0], row, strict=True)
        )
        for row in rows[1:]
    )
    return page(title, "".join(f"<section>{block}</section>" for block in blocks))


def html_comment(title: str, rows: Rows) -> bytes:
    lines = "\n".join("; ".join(f"{k}: {v}" for k, v in zip(rows[0], row, strict=True)) for row in rows[1:])
    return page(title, f"<p>Layanan kami.</p><!-- {lines.replace('--', '- -')} -->")


def html_script(title: str, rows: Rows) -> bytes:
    records = [dict(zip(map(_key, rows[0]), row, strict=True)) for row in rows[1:]]
    return page(title, f"<div id=app></div><script>window.__DATA__ = {json.dumps(records)};</script>")


def html_attributes(title: str, rows: Rows) -> bytes:
    buttons = "".join(
        "<button "
        + " ".join(f'data-{_key(k).replace("_", "-")}="{html.escape(v)}"' for k, v in zip(rows[0], row, strict=True))
        + ">Detail</button>"
        for row in rows[1:]
    )
    return page(title, buttons)


def javascript(title: str, rows: Rows) -> bytes:
    records = ",".join(
        "{" + ",".join(f"{_key(k)}:'{v}'" for k, v in zip(rows[0], row, strict=True)) + "}" for row in rows[1:]
    )
    return f"!function(){{'use strict';var t=[{records}];window.render(t)}}();".encode()


def as_json(title: str, rows: Rows) -> bytes:
    records = [dict(zip(map(_key, rows[0]), row, strict=True)) for row in rows[1:]]
    return json.dumps({"status": True, "judul": title, "data": records}).encode()


def json_lines(title: str, rows: Rows) -> bytes:
    return "\n".join(json.dumps(dict(zip(map(_key, rows[0]), row, strict=True))) for row in rows[1:]).encode()


def as_csv(title: str, rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def semicolons(title: str, rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def utf16(title: str, rows: Rows) -> bytes:
    return ("\ufeff" + "\n".join("\t".join(row) for row in rows)).encode("utf-16-le")


def plain_lines(title: str, rows: Rows) -> bytes:
    body = "\n\n".join("\n".join(f"{k:<14}: {v}" for k, v in zip(rows[0], row, strict=True)) for row in rows[1:])
    return f"{title.upper()}\n\n{body}\n".encode()


def sql(title: str, rows: Rows) -> bytes:
    names = ", ".join(f"`{_key(k)}`" for k in rows[0])
    values = ",\n".join("(" + ", ".join("'" + v.replace("'", "''") + "'" for v in row) + ")" for row in rows[1:])
    return f"-- MySQL dump\nCREATE TABLE `data` (id int);\nINSERT INTO `data` ({names}) VALUES\n{values};\n".encode()


def xml(title: str, rows: Rows) -> bytes:
    records = "".join(
        "<baris>"
        + "".join(f"<{_key(k)}>{escape(v)}</{_key(k)}>" for k, v in zip(rows[0], row, strict=True))
        + "</baris>"
        for row in rows[1:]
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><data><judul>{escape(title)}</judul>{records}</data>'.encode()


def xlsx(title: str, rows: Rows) -> bytes:
    return _workbook(title, rows, titled=True)


def xlsx_hidden(title: str, rows: Rows) -> bytes:
    return _workbook(title, rows, hidden=True)


def xlsx_numeric(title: str, rows: Rows) -> bytes:
    """Numbers as Excel keeps them: 15 digits, then zeros."""
    return _workbook(title, rows, numeric=True)


def _workbook(title: str, rows: Rows, *, titled: bool = False, hidden: bool = False, numeric: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        first = book.add_worksheet("Ringkasan") if hidden else None
        sheet = book.add_worksheet("Data")
        if first is not None:
            first.write_string(0, 0, "Lihat laporan")
            first.activate()
            sheet.very_hidden()
        top = 0
        if titled:
            sheet.write_string(0, 0, title.upper())
            top = 3
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if numeric and r and cell.isdecimal() and len(cell) >= 15:
                    sheet.write_number(top + r, c, int(cell[:15].ljust(len(cell), "0")))
                else:
                    sheet.write_string(top + r, c, cell)
    return out.getvalue()


def ods(title: str, rows: Rows) -> bytes:
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>' for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        f' office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Data">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return _package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": content,
        }
    )


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(title: str, rows: Rows) -> bytes:
    """A title and a table; words are cut into runs, as spelling checkers leave them."""

    def paragraph(text: str) -> str:
        half = len(text) // 2
        return (
            "<w:p>"
            + "".join(
                f'<w:r><w:t xml:space="preserve">{escape(t)}</w:t></w:r>' for t in (text[:half], text[half:]) if t
            )
            + "</w:p>"
        )

    table = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    return _package(
        {
            "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "word/document.xml": f'<?xml version="1.0"?><w:document {_W}><w:body>{paragraph(title)}<w:tbl>{table}</w:tbl></w:body></w:document>',
        }
    )


def docx_letter(title: str, rows: Rows) -> bytes:
    lines = "".join(
        f"<w:p><w:r><w:t>{escape(k)}</w:t></w:r><w:r><w:tab/><w:t>: {escape(v)}</w:t></w:r></w:p>"
        for row in rows[1:]
        for k, v in zip(rows[0], row, strict=True)
    )
    return _package(
        {
            "word/document.xml": f'<?xml version="1.0"?><w:document {_W}><w:body><w:p><w:r><w:t>{escape(title)}</w:t></w:r></w:p>{lines}</w:body></w:document>'
        }
    )


def pptx(title: str, rows: Rows) -> bytes:
    name = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    table = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{escape(c)}</a:t></a:r></a:p></a:txBody></a:tc>" for c in row)
        + "</a:tr>"
        for row in rows
    )
    slide = f'<?xml version="1.0"?><p:sld {name}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>{escape(title)}</a:t></a:r></a:p></p:txBody></p:sp><p:graphicFrame><a:graphic><a:graphicData><a:tbl>{table}</a:tbl></a:graphicData></a:graphic></p:graphicFrame></p:spTree></p:cSld></p:sld>'
    return _package(
        {"ppt/presentation.xml": f'<?xml version="1.0"?><p:presentation {name}/>', "ppt/slides/slide1.xml": slide}
    )


def pdf(title: str, rows: Rows) -> bytes:
    cells = ", ".join(f"[{_typst(cell)}]" for row in rows for cell in row)
    source = f'#set page(paper: "a4", flipped: true)\n#set text(size: 7pt)\n= {_typst(title)}\n#table(columns: {len(rows[0])}, {cells})\n'
    return bytes(typst.compile(source.encode()))


def pdf_letter(title: str, rows: Rows) -> bytes:
    lines = "\n\n".join(f"{_typst(k)} : {_typst(v)}" for row in rows[1:] for k, v in zip(rows[0], row, strict=True))
    return bytes(typst.compile(f"= {_typst(title)}\n{lines}\n".encode()))


def _typst(text: str) -> str:
    return "".join(f"\\{c}" if c in "#$*_`<>@[]\\/=-+~'\"." else c for c in text)


def rtf(title: str, rows: Rows) -> bytes:
    lines = "".join("".join(f"{k}: {v}\\par\n" for k, v in zip(rows[0], row, strict=True)) for row in rows[1:])
    return f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}\\f0 {title}\\par\n{lines}}}".encode()


def zipped(title: str, rows: Rows) -> bytes:
    return _package({"baca.txt": "Arsip data", "data/rekap.csv": as_csv(title, rows)})


def tarred(title: str, rows: Rows) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        data = as_json(title, rows)
        info = tarfile.TarInfo("cadangan/data.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gzipped(title: str, rows: Rows) -> bytes:
    return gzip.compress(sql(title, rows), mtime=0)


def bzipped(title: str, rows: Rows) -> bytes:
    return bz2.compress(as_csv(title, rows))


def nested(title: str, rows: Rows) -> bytes:
    return _package({"luar.zip": zipped(title, rows)})


def _package(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(
                zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _key(name: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


Writer = Callable[[str, Rows], bytes]
WRITERS: dict[str, tuple[str, str, Writer]] = {
    "html-table": (".html", "text/html", html_table),
    "html-layout": (".html", "text/html; charset=utf-8", html_layout),
    "html-comment": (".html", "text/html", html_comment),
    "html-script": (".html", "text/html", html_script),
    "html-attributes": (".html", "text/html", html_attributes),
    "js": (".js", "application/javascript", javascript),
    "json": (".json", "application/json", as_json),
    "jsonl": (".jsonl", "application/x-ndjson", json_lines),
    "csv": (".csv", "text/csv", as_csv),
    "csv-semicolon": (".csv", "application/octet-stream", semicolons),
    "utf16": (".txt", "text/plain", utf16),
    "text": (".txt", "text/plain", plain_lines),
    "sql": (".sql", "application/octet-stream", sql),
    "xml": (".xml", "application/xml", xml),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "xlsx-hidden": (".xlsx", "application/octet-stream", xlsx_hidden),
    "xlsx-numeric": (".xlsx", "application/octet-stream", xlsx_numeric),
    "ods": (".ods", "application/vnd.oasis.opendocument.spreadsheet", ods),
    "docx": (".docx", "application/octet-stream", docx),
    "docx-letter": (".docx", "application/octet-stream", docx_letter),
    "pptx": (".pptx", "application/octet-stream", pptx),
    "pdf": (".pdf", "application/pdf", pdf),
    "pdf-letter": (".pdf", "application/pdf", pdf_letter),
    "rtf": (".rtf", "application/rtf", rtf),
    "zip": (".zip", "application/zip", zipped),
    "tar.gz": (".tar.gz", "application/gzip", tarred),
    "sql.gz": (".sql.gz", "application/gzip", gzipped),
    "csv.bz2": (".csv.bz2", "application/octet-stream", bzipped),
    "nested-zip": (".zip", "application/zip", nested),
}
"""By format: file ending, content type, writer."""
