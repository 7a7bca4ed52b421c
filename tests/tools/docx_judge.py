#!/usr/bin/env python3
"""Reads .docx files with readers that others wrote, and says as JSON, one line a file, what is in them.

    docx_judge.py FILE...

Ends with 1 at the first file that is damaged, that has a part which is not well-formed, or that breaks a rule which
Word holds a document to: a cell without a paragraph, a style or a relationship that is not there.
"""
import json
import sys
import zipfile
from xml.etree import ElementTree

import docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


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
    """What a parser does not notice and Word does."""
    styles = {style.get(W + "styleId") for style in found["word/styles.xml"].iter(W + "style")}
    document = found["word/document.xml"]
    for kind in ("pStyle", "rStyle", "tblStyle"):
        for part in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
            for use in found[part].iter(W + kind):
                demand(use.get(W + "val") in styles, f"there is no style {use.get(W + 'val')}")
    related = {rel.get("Id") for rel in found["word/_rels/document.xml.rels"]}
    for element in document.iter():
        target = element.get(R + "id")
        demand(target is None or target in related, f"there is no relationship {target}")
    for table in document.iter(W + "tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        rows = table.findall(W + "tr")
        demand(rows[0].find(f"{W}trPr/{W}tblHeader") is not None, "a table has no row of heads")
        for row in rows:
            cells = row.findall(W + "tc")
            demand(len(cells) == columns, "a row has more or fewer cells than the table has columns")
            for cell in cells:
                demand(list(cell)[-1].tag == W + "p", "a cell does not end with a paragraph")
        for merged in ("gridSpan", "vMerge", "hMerge"):
            demand(next(table.iter(W + merged), None) is None, "cells are merged")
    body = list(document.find(W + "body"))
    demand(body[-1].tag == W + "sectPr", "the section does not come last")
    for element, after in zip(body, body[1:]):
        demand(element.tag != W + "tbl" or after.tag == W + "p", "no paragraph follows a table")


def judged(path):
    found = parts(path)
    consistent(found)
    read = docx.Document(path)
    core, section = read.core_properties, read.sections[0]
    default = found["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    return {
        "paragraphs": [[p.style.name, p.text] for p in read.paragraphs],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in read.tables],
        "links": [[link.text, link.url] for p in read.paragraphs for link in p.hyperlinks],
        "language": [default.get(W + "val"), core.language],
        "title": core.title,
        "author": core.author,
        "page": [round(section.page_width.mm), round(section.page_height.mm)],
        "header": [p.text for p in section.header.paragraphs],
        "footer": ["".join(found["word/footer1.xml"].itertext())],
    }


for name in sys.argv[1:]:
    try:
        print(json.dumps(judged(name), ensure_ascii=False))
    except Exception as error:
        sys.exit(f"{name}: {error}")
