//! Files that mean harm or are damaged: a clear fault, at a bounded cost.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use arshjul::import::office::{Limits, read};
use proptest::prelude::*;
use proptest::test_runner::Config;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::built::{document, package, refused, relations, sheet, slide, text};

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let main = |name: &str| {
        package(&[("_rels/.rels", &relations(&[("r", "officeDocument", "a/b.xml")])), (name, "<x/>")])
    };
    let cfb = |marker: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(vec![0; 1024]);
        bytes.extend(marker.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let macros = document(("word/document.xml", "<document/>"), &[], &[("word/vbaProject.bin", "")]);
    let odt = package(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]);
    let binary = document(("xl/workbook.bin", ""), &[], &[]);
    let cases: [(&str, Vec<u8>, &str, &str); 17] = [
        ("plan.ppt", cfb("PowerPoint Document"), "old-format", "save it as .pptx"),
        ("plan.doc", cfb("WordDocument"), "old-format", "save it as .docx"),
        ("plan.xls", cfb("Workbook"), "old-format", "save it as .xlsx"),
        ("plan.docx", cfb("EncryptedPackage"), "protected", "save it without one"),
        ("plan.docm", text(""), "macros", "save it as .pptx, .docx or .xlsx"),
        ("plan.docx", macros, "macros", "save it as .pptx, .docx or .xlsx"),
        ("plan.odt", odt, "unknown-format", "OpenDocument"),
        ("plan.xlsb", binary, "unknown-format", "save it as .xlsx"),
        ("plan.pdf", b"%PDF-1.7".to_vec(), "unknown-format", "PDF"),
        ("plan.rtf", b"{\\rtf1}".to_vec(), "unknown-format", "save it as .pptx, .docx or .xlsx"),
        ("plan.pptx", b"bara text".to_vec(), "unknown-format", "save it as .pptx"),
        ("bild.png", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), "unknown-format", "neither"),
        ("x.zip", package(&[("a.txt", "a")]), "unknown-format", "no document"),
        ("x.docx", main("a/c.xml"), "broken", "`a/b.xml` is missing"),
        ("x.docx", main("a/b.xml"), "unknown-format", "neither slides, text nor sheets"),
        ("x.docx", Vec::new(), "empty", "empty"),
        ("x.csv", b"\n;;\n".to_vec(), "empty", "empty"),
    ];
    for (name, bytes, code, words) in cases {
        let (found, said) = refused(name, &bytes);
        assert!(found == code && said.contains(words), "{name}: {found}: {said}");
    }
}

#[test]
fn damage_is_told_with_its_place() {
    let sheets = "<workbook><sheets><sheet name='a' r:id='s1'/></sheets></workbook>";
    let cases = [
        (slide("<p:sp><p:txBody></p:sp>"), "`ppt/slides/slide1.xml` at byte "),
        (slide("<p:sp"), "slide1.xml"),
        (slide("<p:sp a=>"), "slide1.xml"),
        (text("<w:p><w:r><w:t>&okänd;"), "an entity that XML does not know"),
        (text("<w:p>"), "document.xml"),
        (sheet("<sheetData><row><c t='s'><v>7</v></c></row></sheetData>"), "a text that is not there"),
        (
            document(("xl/workbook.xml", sheets), &[("s1", "worksheet", "borta.xml")], &[]),
            "`xl/borta.xml` is missing",
        ),
        (document(("xl/workbook.xml", sheets), &[], &[]), "sheet 1 has no part"),
    ];
    for (bytes, words) in cases {
        let (code, said) = refused("plan", &bytes);
        assert!(code == "broken" && said.contains(words), "{code}: {said}");
    }
    let mut cut = slide("");
    cut.truncate(cut.len() - 30);
    assert_eq!(refused("plan.pptx", &cut).0, "broken");
}

/// A document whose main part is `head`, then `middle` so many times, then `tail`.
fn repeated(name: &str, head: &str, middle: &str, times: usize, tail: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    archive.start_file("_rels/.rels", options).unwrap();
    archive.write_all(relations(&[("r", "officeDocument", name)]).as_bytes()).unwrap();
    archive.start_file(name, options).unwrap();
    archive.write_all(head.as_bytes()).unwrap();
    let chunk = middle.repeat((1 << 16) / middle.len() + 1);
    let mut left = times * middle.len();
    while left > 0 {
        let now = left.min(chunk.len());
        archive.write_all(&chunk.as_bytes()[..now]).unwrap();
        left -= now;
    }
    archive.write_all(tail.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

/// A tenth of what is allowed otherwise, so that the files which reach it are made soon enough.
const TENTH: Limits = Limits {
    bytes: 3 << 20,
    entries: 500,
    unpacked: 3 << 20,
    ratio: 200,
    token: 100 << 10,
    events: 400_000,
    depth: 256,
    pages: 50,
    cells: 5_000,
    text: 800 << 10,
};

/// Files that would cost much, ten times as much with a `scale` of ten; each with words of its fault.
fn costly(scale: usize) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let word = |head: &str, middle: &str, times: usize, tail: &str| {
        let (head, tail) = (format!("<w:document><w:body>{head}"), format!("{tail}</w:body></w:document>"));
        repeated("word/document.xml", &head, middle, times * scale, &tail)
    };
    let rows =
        |row: &str, times: usize| sheet(&format!("<sheetData>{}</sheetData>", row.repeat(times * scale)));
    let (text, long) = ("<w:p><w:r><w:t>", format!("<!--{}-->", "abcdefghij".repeat(5_000)));
    let paragraph = format!("{text}a</w:t></w:r></w:p>");
    let heading = paragraph.replace("<w:r>", "<w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r>");
    let row = "<row><c><v>1</v></c></row>";
    let merges = "<mergeCell ref='A1:XFD9'/>".repeat(4_000 * scale);
    let wide = "<w:tc><w:tcPr><w:gridSpan w:val='63'/></w:tcPr></w:tc>";
    let doctype = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>";
    vec![
        ("bomb", word("", &long, 100, ""), "unpacks to more"),
        ("bomb of elements", word("", "<w:p/>", 300_000, ""), "more elements"),
        ("bomb of one text", word(text, "a", 400_000, ""), "a text that is too long"),
        ("bomb of references", word(text, "&lt;", 500_000, ""), "more elements"),
        ("one attribute", word("<w:p w:a='", "a", 400_000, "'/>"), "a tag or a text that is too long"),
        ("many attributes", word("<w:p", " a='1'", 40_000, "/>"), "a tag or a text that is too long"),
        ("deep", word("", "<w:sdt>", 10_000, ""), "too many elements inside each other"),
        ("deep tables", word("", "<w:tbl><w:tr><w:tc>", 10_000, ""), "too many elements inside each other"),
        ("entities", repeated("word/document.xml", doctype, "<a>&b;</a>", 1, ""), "DOCTYPE"),
        ("cells", word("<w:tbl><w:tr>", wide, 1_000, "</w:tr></w:tbl>"), "cells of tables"),
        ("empty tables", word("", "<w:tbl/>", 100_000, ""), "cells of tables"),
        ("paragraphs", word("", &paragraph, 30_000, ""), "bytes of text"),
        ("headings", word("", &heading, 100, ""), "50"),
        (
            "wide sheet",
            rows("<row><c r='A1'><v>1</v></c><c r='XFD1'><v>1</v></c></row>", 10),
            "cells of tables",
        ),
        ("long sheet", rows(row, 6_000), "cells of tables"),
        ("merges", sheet(&format!("<sheetData>{}</sheetData>{merges}", row.repeat(2))), "cells that overlap"),
        ("the same text again and again", shared_text(scale), "bytes of text"),
        ("entries", many_entries(scale), "entries"),
        ("plain", vec![b'a'; (1 << 20) * scale], "the text is larger than"),
        ("very plain", vec![b'a'; (4 << 20) * scale], "the file is larger than"),
    ]
}

fn many_entries(scale: usize) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for number in 0..600 * scale {
        archive.start_file(number.to_string(), options).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A text of some size that very many cells show.
fn shared_text(scale: usize) -> Vec<u8> {
    let main = "<workbook><sheets><sheet name='a' r:id='s'/></sheets></workbook>";
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(90_000 * scale));
    let cells = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        "<row><c t='s'><v>0</v></c></row>".repeat(4_000 * scale)
    );
    let related = [("s", "worksheet", "s.xml"), ("t", "sharedStrings", "t.xml")];
    document(("xl/workbook.xml", main), &related, &[("xl/s.xml", &cells), ("xl/t.xml", &strings)])
}

#[test]
fn hostile_files_are_refused() {
    for (what, bytes, words) in costly(1) {
        let said = read(what, &bytes, &TENTH).unwrap_err().to_string();
        assert!(said.contains(words), "{what}: {said}");
    }
}

/// With `ARSHJUL_TEST_HOSTILE` set to a folder, writes the files there in full size, for measuring by hand what
/// refusing them costs.
#[test]
fn hostile_files_can_be_written_out() {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
    let Some(folder) = std::env::var_os("ARSHJUL_TEST_HOSTILE") else { return };
    for (what, bytes, _) in costly(10) {
        fs::write(Path::new(&folder).join(what.replace(' ', "-")), bytes).unwrap();
    }
}

#[test]
fn cells_that_were_only_formatted_cost_nothing() {
    let row = format!("<row><c><v>1</v></c>{}</row>", "<c s='1'/>".repeat(500));
    let bytes = sheet(&format!("<sheetData>{}</sheetData>", row.repeat(200)));
    assert!(read("x.xlsx", &bytes, &Limits::default()).is_ok());
}

#[test]
fn references_in_a_ring_end() {
    let main =
        "<p:presentation><p:sldIdLst><p:sldId r:id='a'/><p:sldId r:id='a'/></p:sldIdLst></p:presentation>";
    let parts = [
        ("ppt/a.xml", "<p:sld><p:cSld><p:spTree/></p:cSld></p:sld>"),
        (
            "ppt/_rels/a.xml.rels",
            &relations(&[
                ("l", "slideLayout", "a.xml"),
                ("m", "slideMaster", "a.xml"),
                ("t", "theme", "a.xml"),
            ]),
        ),
    ];
    let bytes = document(("ppt/presentation.xml", main), &[("a", "slide", "../ppt/./a.xml")], &parts);
    assert_eq!(read("x", &bytes, &Limits::default()).unwrap().pages.len(), 2);
}

#[test]
fn strange_names_of_entries_do_no_harm() {
    let main = "<document><body><p><r><t>text</t></r></p></body></document>";
    let parts = [("../../etc/passwd", "x"), ("/etc/passwd", "y"), ("C:\\x", "z"), ("ETC/PASSWD", "")];
    let bytes = document(("word/document.xml", main), &[("x", "styles", "../../../etc/passwd")], &parts);
    // The target is looked up inside the archive, where it is no styles.
    let read = read("x.docx", &bytes, &Limits::default());
    assert!(read.is_ok_and(|document| document.pages.len() == 1));
}

/// Small enough that a mutation does something often.
fn seeds() -> Vec<Vec<u8>> {
    let table = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>a&amp;b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let rows = "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' s='5'><v>45688</v></c></row></sheetData><mergeCells><mergeCell ref='A1:B2'/></mergeCells>";
    let tree = "<p:graphicFrame><p:xfrm><a:off x='1' y='1'/><a:ext cx='9' cy='9'/></p:xfrm><a:tbl><a:tblGrid><a:gridCol w='9'/></a:tblGrid><a:tr h='9'><a:tc hMerge='1'><a:txBody><a:p><a:r><a:t>a</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame><p:sp><p:spPr><a:xfrm><a:off x='2' y='2'/><a:ext cx='3' cy='3'/></a:xfrm><a:prstGeom prst='ellipse'/><a:solidFill><a:schemeClr val='accent6'><a:lumMod val='50000'/></a:schemeClr></a:solidFill></p:spPr></p:sp>";
    vec![text(table), sheet(rows), slide(tree)]
}

proptest! {
    #![proptest_config(Config { cases: 256, ..Config::default() })]

    #[test]
    fn no_bytes_panic(name in "[a-z]{0,3}(\\.(csv|txt|docx|pptx|xlsx))?", bytes: Vec<u8>) {
        let _ = read(&name, &bytes, &Limits::default());
    }

    /// Damage to the archive itself.
    #[test]
    fn no_damaged_archive_panics(seed in 0..3_usize, places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = seeds().swap_remove(seed);
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read("x", &bytes, &Limits::default());
    }

    /// Damage to what the parts say: pieces swapped for others, numbers for larger ones, cut short.
    #[test]
    fn no_damaged_part_panics(
        which in 0..3_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize), 1..6),
    ) {
        let pieces = ["'", "<", ">", "&", "/", "99999999999999999999", "-1", "NaN", "<a:tc>", "ÅÄ", "\u{FFFF}", "XFD1048576"];
        let edit = |content: &str| {
            let mut content: Vec<char> = content.chars().collect();
            for (place, piece) in &edits {
                let at = place.index(content.len());
                let end = (at + 3).min(content.len());
                content.splice(at..end, pieces[*piece].chars());
            }
            content.into_iter().collect::<String>()
        };
        let _ = read("x", &edited(&seeds()[which], edit), &Limits::default());
    }
}

/// The archive with each part's content edited.
fn edited(bytes: &[u8], edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut file, &mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        // The ways to the parts stay as they are, so that the parts are reached.
        let content = if name.ends_with(".rels") { content } else { edit(&content) };
        parts.push((name, content));
    }
    let parts: Vec<(&str, &str)> = parts.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
    package(&parts)
}
