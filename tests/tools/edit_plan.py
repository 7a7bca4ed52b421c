#!/usr/bin/env python3
"""Edits a plan as a person would, and has LibreOffice save it.

    edit_plan.py FILE OUT [SOFFICE]

In each of .pptx, .docx and .xlsx: an activity is rewritten, a status is set to green, a dated line is added, and one
row is taken away. With the program SOFFICE LibreOffice saves the file anew before and after.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import docx
import openpyxl
import pptx

REWRITTEN = ("Samla erfarenheter", "Samla erfarenheter från alla tre regionerna")
STATUS = ("PÅGÅR", "PÅGÅR, grön")
OF_STATUS = "Bilder och svar som följer patienten"
LINE = ("Antal prov", "250311 Två frågor är valda")
GONE = "Översyn av genetiken"


def resaved(path, soffice):
    if soffice is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
             path.suffix[1:], "--outdir", folder, str(path)],
            check=True, capture_output=True)
        shutil.copy(pathlib.Path(folder) / path.name, path)


def replace(paragraph, was, now):
    """Puts the new words in the first run of a paragraph whose words are spread over several."""
    if was not in paragraph.text:
        return False
    text = paragraph.text.replace(was, now)
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = text
    return True


def edit_rows(rows, cells_of, text_of, paragraphs_of, add):
    done = set()
    gone = None
    for row in rows:
        texts = [text_of(cell) for cell in cells_of(row)]
        if any(GONE in text for text in texts):
            gone = row
        for cell, text in zip(cells_of(row), texts):
            for paragraph in paragraphs_of(cell):
                if REWRITTEN[0] == paragraph.text.strip() and replace(paragraph, *REWRITTEN):
                    done.add("activity")
                if any(OF_STATUS in text for text in texts) and replace(paragraph, *STATUS):
                    done.add("status")
            if text.strip() == LINE[0]:
                add(cell, LINE[1])
                done.add("line")
    assert done == {"activity", "status", "line"} and gone is not None, (done, gone)
    return gone


def presentation(path):
    deck = pptx.Presentation(path)
    rows = [(shape, row) for slide in deck.slides for shape in slide.shapes if shape.has_table
            for row in shape.table.rows]

    def add(cell, text):
        cell.text_frame.add_paragraph().text = text

    gone = edit_rows([row for _, row in rows], lambda row: row.cells, lambda cell: cell.text_frame.text,
                     lambda cell: cell.text_frame.paragraphs, add)
    gone._tr.getparent().remove(gone._tr)
    deck.save(path)


def document(path):
    text = docx.Document(path)
    rows = [row for table in text.tables for row in table.rows]
    gone = edit_rows(rows, lambda row: row.cells, lambda cell: cell.text, lambda cell: cell.paragraphs,
                     lambda cell, text: cell.add_paragraph(text))
    gone._tr.getparent().remove(gone._tr)
    text.save(path)


def workbook(path):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    done = set()
    gone = None
    for row in sheet.iter_rows():
        texts = [str(cell.value or "") for cell in row]
        if any(GONE in text for text in texts):
            gone = row[0].row
        for cell, text in zip(row, texts):
            lines = [line.lstrip("• ") for line in text.split("\n")]
            if REWRITTEN[0] in lines:
                cell.value = text.replace(*REWRITTEN)
                done.add("activity")
            if any(OF_STATUS in text for text in texts) and STATUS[0] in text:
                cell.value = text.replace(*STATUS)
                done.add("status")
            if text.strip() == LINE[0]:
                cell.value = f"{text}\n{LINE[1]}"
                done.add("line")
    assert done == {"activity", "status", "line"} and gone is not None, (done, gone)
    sheet.delete_rows(gone)
    book.save(path)


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    soffice = sys.argv[3] if len(sys.argv) > 3 else None
    shutil.copy(source, out)
    resaved(out, soffice)
    {".pptx": presentation, ".docx": document, ".xlsx": workbook}[out.suffix](out)
    resaved(out, soffice)


main()
