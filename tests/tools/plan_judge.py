#!/usr/bin/env python3
"""Reads exported plans with libraries that others wrote, and says as JSON, one line a file, what is in them.

    plan_judge.py FILE...

Files are .pptx, .xlsx and .docx. Ends with 1 at the first that is damaged, that has a part which is not well-formed,
whose parts don't know each other, or that breaks a rule which the schema has and no parser looks at: the order of a
cell's properties, shapes with the same number.
"""
import json
import posixpath
import re
import sys
import zipfile
from xml.etree import ElementTree

import docx
import openpyxl
import pptx

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
# The order of children in ECMA-376, part 1; what isn't named here may not stand there.
ORDER = {
    A + "tcPr": ["lnL", "lnR", "lnT", "lnB", "lnTlToBr", "lnBlToTr", "cell3D", "noFill", "solidFill"],
    A + "tc": ["txBody", "tcPr"],
    A + "p": ["pPr", "r", "fld", "br", "endParaRPr"],
    A + "pPr": ["lnSpc", "spcBef", "spcAft", "buFont", "buNone", "buChar"],
    A + "rPr": ["ln", "noFill", "solidFill", "latin"],
    A + "tbl": ["tblPr", "tblGrid", "tr"],
    P + "sp": ["nvSpPr", "spPr", "style", "txBody"],
    P + "spPr": ["xfrm", "prstGeom", "noFill", "solidFill", "ln"],
    P + "graphicFrame": ["nvGraphicFramePr", "xfrm", "graphic"],
    P + "sld": ["cSld", "clrMapOvr"],
    P + "presentation": ["sldMasterIdLst", "sldIdLst", "sldSz", "notesSz", "defaultTextStyle"],
    S + "worksheet": ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter",
                      "pageMargins", "pageSetup", "headerFooter"],
    S + "styleSheet": ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"],
    S + "rPr": ["b", "sz", "color", "rFont"],
    S + "workbook": ["sheets", "definedNames"],
    W + "tcPr": ["tcW", "shd"],
    W + "trPr": ["cantSplit", "tblHeader"],
    W + "tblPr": ["tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption"],
    W + "rPr": ["rStyle", "b", "bCs", "color", "sz", "szCs"],
}


def demand(truth, what):
    if not truth:
        raise ValueError(what)


def parts(path):
    """Every part, parsed."""
    with zipfile.ZipFile(path) as archive:
        demand(archive.testzip() is None, "the archive is damaged")
        names = archive.namelist()
        demand(names[0] == "[Content_Types].xml", "the types do not come first")
        demand(len(names) == len(set(names)), "a part is there twice")
        return {name: ElementTree.fromstring(archive.read(name)) for name in names}


def consistent(found):
    """What a parser does not notice and Office does."""
    typed = {over.get("PartName")[1:] for over in found["[Content_Types].xml"].iter(TYPES + "Override")}
    own = {name for name in found if not name.endswith(".rels") and name != "[Content_Types].xml"}
    demand(typed == own, f"types and parts differ: {typed ^ own}")
    for name, part in found.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in part:
                target = posixpath.normpath(posixpath.join(folder, relation.get("Target")))
                demand(relation.get("TargetMode") or target in found, f"{name} leads to {target}")
        for element in part.iter():
            order = ORDER.get(element.tag)
            if order and "styles.xml" not in name or element.tag == S + "styleSheet":
                places = [order.index(re.sub("{.*}", "", child.tag)) for child in element]
                if element.tag != A + "p":
                    demand(places == sorted(places), f"{name}: the children of {element.tag} are out of order")
        if name.startswith("ppt/slides/") and name.endswith(".xml"):
            numbers = [shape.get("id") for shape in part.iter(P + "cNvPr")]
            demand(len(numbers) == len(set(numbers)), f"{name}: two shapes have a number")
            runs = [run.get("lang") for tag in ("rPr", "endParaRPr") for run in part.iter(A + tag)]
            demand(set(runs) == {"sv-SE"}, f"{name}: a text has no language")
    custom = found.get("docProps/custom.xml")
    if custom is None:
        return {}
    numbers = [int(one.get("pid")) for one in custom]
    demand(numbers == list(range(2, 2 + len(numbers))), "properties are not numbered from 2")
    return {one.get("name"): "".join(one.itertext()) for one in custom.iter(CUSTOM + "property")}


def slides(path):
    read = pptx.Presentation(path)
    pages = []
    for slide in read.slides:
        tables = [shape for shape in slide.shapes if shape.has_table]
        inside = all(
            shape.left >= 0 and shape.top >= 0 and shape.left + shape.width <= read.slide_width
            and shape.top + shape.height <= read.slide_height for shape in slide.shapes if not shape.is_placeholder)
        pages.append({
            "title": slide.shapes.title.text_frame.text,
            "texts": [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame],
            "inside": inside,
            "tables": [{
                "rows": [[cell.text for cell in row.cells] for row in shape.table.rows],
                "first_row": shape.table.first_row,
                "alt": shape._element.nvGraphicFramePr.cNvPr.get("descr"),
            } for shape in tables],
        })
    return {"pages": pages, "size": [round(read.slide_width.pt), round(read.slide_height.pt)]}, read.core_properties


def sheets(path):
    read = openpyxl.load_workbook(path, rich_text=True)
    sheet = read.active
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    demand(not formulas, f"there are formulas in {formulas}")
    return {
        "name": sheet.title,
        "rows": rows,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "repeated": sheet.print_title_rows,
        "page": [sheet.page_setup.orientation, int(sheet.page_setup.paperSize)],
        "fills": [cell.fill.fgColor.rgb for cell in sheet["F"]][1:],
        "wrapped": all(cell.alignment.wrap_text for cell in sheet["D"] if cell.value),
    }, read.properties


def texts(path, found):
    read = docx.Document(path)
    section = read.sections[0]
    heads = [table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None for table in read.tables]
    captions = [table._tbl.tblPr.find(W + "tblCaption").get(W + "val") for table in read.tables]
    return {
        "paragraphs": [[p.style.name, p.text] for p in read.paragraphs],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in read.tables],
        "heads": all(heads),
        "captions": captions,
        "page": [round(section.page_width.mm), round(section.page_height.mm)],
        "footer": "".join(found["word/footer1.xml"].itertext()),
    }, read.core_properties


def judged(path):
    found = parts(path)
    own = consistent(found)
    if path.endswith(".pptx"):
        read, core = slides(path)
    elif path.endswith(".xlsx"):
        read, core = sheets(path)
    else:
        read, core = texts(path, found)
    return read | {"own": own, "title": core.title, "subject": core.subject, "language": core.language}


for name in sys.argv[1:]:
    try:
        print(json.dumps(judged(name), ensure_ascii=False))
    except Exception as error:
        sys.exit(f"{name}: {error}")
