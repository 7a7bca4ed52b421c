#!/usr/bin/env python3
"""Makes documents with libraries that others wrote, in the shape of a handlingsplan with invented content.

    office_files.py FOLDER [SOFFICE]

Makes plan.pptx, plan.docx, plan.xlsx, more.xlsx and lists of people (people.xlsx, groups.xlsx). With the program SOFFICE it has LibreOffice save each of them
anew, as office-*.*, and in the formats that are refused.
"""
import pathlib
import subprocess
import sys
import tempfile
from datetime import date, datetime

import docx
import openpyxl
import pptx
import xlsxwriter
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Cm, Pt

GREEN, YELLOW, RED, BLUE = "00B050", "FFC000", "FF0000", "4472C4"
HEADS = [
    "Nationellt insatsområde",
    "Prioriterat område och patientlöften",
    "Aktiviteter",
    "Följs upp med",
    "Status",
]
# Of each: the five texts, and the colour of its status.
ITEMS = [
    ("Digital patologi", "Gemensam bildlagring\n”få tillgång till jämlik vård”",
     "• Ta fram en kravlista\n• Prova & utvärdera <två> lösningar", "Antal anslutna laboratorier", "Enligt plan", GREEN),
    ("", "Svarstider", "• Mät svarstider varje kvartal", "Median i dagar", "Väntar på data", YELLOW),
    ("", "Ökad användning av AI", "• Pröva triagering", "Redovisas i oktober 2025", "", RED),
]


def presentation(path):
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Cm(33.867), Cm(19.05)
    deck.core_properties.title = "Handlingsplan 2025 för RPO Exempel"
    cover = deck.slides.add_slide(deck.slide_layouts[0])
    cover.shapes.title.text = "Handlingsplan 2025"
    cover.placeholders[1].text = "RPO Exempel\nfastställd i januari"
    plan_slide(deck, "Handlingsplan, sida 1", fills=True)
    plan_slide(deck, "Handlingsplan, sida 2", fills=False)
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Gömd"
    hidden._element.set("show", "0")
    last = deck.slides.add_slide(deck.slide_layouts[1])
    last.shapes.title.text = "Utmaningar"
    frame = last.placeholders[1].text_frame
    frame.text = "Bemanning"
    inner = frame.add_paragraph()
    inner.text, inner.level = "Biomedicinska analytiker", 1
    last.notes_slide.notes_text_frame.text = "Sägs bara högt"
    # Shown before the cover's neighbours: order is the list's, not the files'.
    ids = deck.slides._sldIdLst
    ids.insert(1, ids[-1])
    deck.save(path)


def plan_slide(deck, title, fills):
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = title
    left, top = Cm(1), Cm(4)
    frame = slide.shapes.add_table(len(ITEMS) + 1, 5, left, top, Cm(31), Cm(12))
    table = frame.table
    widths, height = [Cm(5), Cm(7), Cm(9), Cm(6), Cm(4)], Cm(3)
    for column, width in zip(table.columns, widths):
        column.width = width
    for row in table.rows:
        row.height = height
    for cell, head in zip(table.rows[0].cells, HEADS):
        cell.text = head
    for number, item in enumerate(ITEMS, start=1):
        cells = table.rows[number].cells
        for cell, text in zip(cells, item[:5]):
            bulleted(cell.text_frame, text)
        if fills and number == 1:
            cells[4].fill.solid()
            cells[4].fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_3
            cells[4].fill.fore_color.brightness = -0.25
        elif fills:
            cells[4].fill.solid()
            cells[4].fill.fore_color.rgb = RGBColor.from_string(item[5])
        else:
            light(slide, number, left + sum(widths[:4]) + Cm(1.5), top + height * number + Cm(1), item[5])
    table.cell(1, 0).merge(table.cell(2, 0))


def light(slide, number, x, y, colour):
    """A circle over a cell: plain, with a letter, and in a group."""
    shapes = slide.shapes if number < 3 else slide.shapes.add_group_shape().shapes
    circle = shapes.add_shape(MSO_SHAPE.OVAL, x, y, Cm(1), Cm(1))
    circle.fill.solid()
    circle.fill.fore_color.rgb = RGBColor.from_string(colour)
    if number == 2:
        circle.text_frame.text = "G"


def bulleted(frame, text):
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = line.removeprefix("• ")
        paragraph.font.size = Pt(10)
        if line.startswith("• "):
            mark = paragraph._p.get_or_add_pPr().makeelement(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}buChar", {"char": "•"})
            paragraph._p.get_or_add_pPr().append(mark)


def text_document(path):
    document = docx.Document()
    document.add_heading("Handlingsplan för RPO Exempel", level=0)
    document.add_paragraph("Planen är levande.")
    document.add_heading("Nationella insatsområden", level=1)
    document.add_paragraph("Tas upp varje kvartal", style="List Bullet")
    document.add_paragraph("Följs upp i oktober", style="List Bullet 2")
    table = document.add_table(rows=1, cols=5)
    table.style = "Table Grid"
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cell, head in zip(table.rows[0].cells, HEADS):
        cell.text = head
    for item in ITEMS:
        cells = table.add_row().cells
        for cell, text in zip(cells, item[:5]):
            cell.text = text
        shade(cells[4], item[5])
    table.cell(1, 0).merge(table.cell(2, 0))
    dot = table.cell(3, 4).paragraphs[0].add_run("● Lab")
    dot.font.color.rgb = docx.shared.RGBColor.from_string(GREEN)
    wide = table.add_row().cells
    wide[1].merge(wide[3]).text = "Gäller alla tre"
    inner = wide[4].add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "inre", "tabell"
    document.add_heading("Resultat", level=2)
    changed = document.add_paragraph("Nu ")
    tracked(changed, "w:ins", "w:t", "klart")
    tracked(changed, "w:del", "w:delText", "försenat")
    changed.add_run().add_break(WD_BREAK.LINE)
    changed.add_run("nästa rad\tefter tabb")
    document.save(path)


def shade(cell, colour):
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def tracked(paragraph, change, element, text):
    wrapper = OxmlElement(change)
    wrapper.set(qn("w:id"), "1")
    wrapper.set(qn("w:author"), "Någon")
    run, words = OxmlElement("w:r"), OxmlElement(element)
    words.text = text
    run.append(words)
    wrapper.append(run)
    paragraph._p.append(wrapper)


def workbook(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    sheet["A1"] = "Handlingsplan för RPO Exempel"
    sheet.merge_cells("A1:E1")
    for column, head in enumerate(HEADS + ["Senast", "Andel", "Klart", "Antal"], start=1):
        sheet.cell(3, column, head)
    for number, item in enumerate(ITEMS, start=4):
        for column, text in enumerate(item[:5], start=1):
            sheet.cell(number, column, text or None)
        sheet.cell(number, 5).fill = PatternFill("solid", fgColor=item[5])
        sheet.cell(number, 6, date(2025, 1, 30 + number - 4) if number < 6 else datetime(2025, 3, 1, 14, 30))
        sheet.cell(number, 7, 0.25).number_format = "0%"
        sheet.cell(number, 8, number == 4)
        sheet.cell(number, 9, "=1+1")
    sheet.merge_cells("A4:A5")
    sheet["E4"].fill = PatternFill("solid", fgColor=Color(theme=6, tint=-0.249977111117893))
    sheet["E5"].value = CellRichText("Väntar på ", TextBlock(InlineFont(color=RED), "●"), " data")
    sheet["D6"].font = Font(color=RED)
    sheet.conditional_formatting.add("E4:E6", CellIsRule(operator="equal", formula=['"x"'], font=Font(bold=True)))
    # Formatted once and never used.
    for row in range(7, 3000):
        sheet.cell(row, 5).fill = PatternFill("solid", fgColor="FFFFFF")
    book.create_sheet("Gömt").sheet_state = "hidden"
    book["Gömt"]["A1"] = "hemligt"
    book.create_sheet("Tomt")
    book.save(path)


def more(path):
    """The same by another library, which shares no strings and counts from 1904."""
    book = xlsxwriter.Workbook(path, {"in_memory": True, "date_1904": True})
    sheet = book.add_worksheet("Plan 2")
    wrapped = book.add_format({"text_wrap": True, "bg_color": "#" + YELLOW})
    day = book.add_format({"num_format": "d mmm yyyy"})
    sheet.write_row(1, 1, HEADS)
    sheet.write_row(2, 1, ITEMS[1][:4])
    sheet.write_string(2, 5, ITEMS[1][4], wrapped)
    sheet.write_datetime(2, 6, datetime(2025, 10, 26), day)
    sheet.write_formula(2, 7, "=1+1", None, 2)
    sheet.insert_textbox(5, 1, "bredvid")
    book.close()


def people(path):
    """All in one sheet, as somebody keeps it: a title, blank rows, dates of both kinds, links, vacancies."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ledamöter"
    sheet["A1"] = "Ledamöter i våra grupper"
    sheet["A2"], sheet["B2"] = "Uppdaterad", date(2025, 1, 10)
    heads = ["Organ", "Roll ", "Namn", "E-post:", "Från", "Till", "Ersättare"]
    rows = [
        ("RPO Medicinsk diagnostik", "Ordförande", "Anna  Exempel ", "mailto:anna@example.org", date(2025, 1, 1), "tills vidare", None),
        (None, None, None, None, None, None, None),
        ("RPO MD ", "Processtöd", "Bo Exempel", "bo@example.org", "2025-02-01", datetime(2026, 12, 31, 0, 0), None),
        ("RPO MD", "Processtöd", "Cia Exempel", "Cia Exempel <cia@example.org>", "250201", "dec 2026", "x"),
        ("RAG Patologi", "Ordförande", "XX", None, None, None, None),
        ("RAG Patologi", "Sekreterare", "vakant", "-", None, None, None),
        ("Frågor: processtödet", None, None, None, None, None, None),
    ]
    for column, head in enumerate(heads, start=1):
        sheet.cell(4, column, head)
    for number, row in enumerate(rows, start=5):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    sheet["D5"].hyperlink = "mailto:anna@example.org"
    sheet["D5"].value = "mailto:anna@example.org"
    book.create_sheet("Anvisning")["A1"] = "Fyll i en rad för varje uppdrag."
    book.save(path)


def groups(path):
    """A sheet for each body, with the term in one column."""
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    heads = ["Funktion", "Förnamn", "Efternamn", "E-post", "Mandatperiod"]
    for name, address in [("RAG Patologi", "pia@example.org"), ("RAG Nuklearmedicin", "nils@example.org")]:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, ["Ordförande", address.split("@")[0].title(), "Exempel"])
        sheet.write_url(1, 3, "mailto:" + address, string=address)
        sheet.write(1, 4, "2025-2026" if name == "RAG Patologi" else "2025 och framåt")
    book.close()


def by_office(soffice, folder):
    wanted = [("plan.pptx", "pptx"), ("plan.docx", "docx"), ("plan.xlsx", "xlsx"), ("plan.pptx", "ppt"),
              ("plan.docx", "doc"), ("plan.xlsx", "xls"), ("plan.pptx", "odp"), ("plan.docx", "odt"),
              ("plan.xlsx", "ods"), ("plan.docx", "rtf"), ("plan.docx", "pdf")]
    with tempfile.TemporaryDirectory() as scratch:
        for name, form in wanted:
            profile = f"-env:UserInstallation=file://{scratch}/profile"
            out = pathlib.Path(scratch, form)
            subprocess.run([soffice, profile, "--headless", "--convert-to", form, "--outdir", out, folder / name],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
            (out / f"plan.{form}").rename(folder / f"office-plan.{form}")


target = pathlib.Path(sys.argv[1])
presentation(target / "plan.pptx")
text_document(target / "plan.docx")
workbook(target / "plan.xlsx")
more(target / "more.xlsx")
people(target / "people.xlsx")
groups(target / "groups.xlsx")
if len(sys.argv) > 2:
    by_office(sys.argv[2], target)
