//! The package: a .docx is a zip archive of XML parts (ECMA-376, parts 1 and 2).

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Compilation;
use super::draft::{Draft, draft};
use super::markup::Markup;
use crate::text::documents as text;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Parts that are the same in every document.
const TYPES: &str = include_str!("parts/types.xml");
const ROOT: &str = include_str!("parts/root.xml");
const APP: &str = include_str!("parts/app.xml");
const STYLES: &str = include_str!("parts/styles.xml");
const NUMBERING: &str = include_str!("parts/numbering.xml");
const SETTINGS: &str = include_str!("parts/settings.xml");

/// A4 with margins of 2 cm, and what stands above and below each page.
const PAGE: &str = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdHuvud\"/>\
    <w:footerReference w:type=\"default\" r:id=\"rIdFot\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
    <w:pgMar w:top=\"1418\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"680\" \
    w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>";

/// The document could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be packed: {0}")]
pub struct DocumentError(String);

/// The compiled draft as a .docx. Equal values give equal bytes: nothing in it tells when or where it was written.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn docx(of: &Compilation) -> Result<Vec<u8>, DocumentError> {
    let Draft { markup, targets } = draft(of);
    let mut document = frame("document");
    document.raw("<w:body>").raw(&markup.into_string()).raw(PAGE).raw("</w:body></w:document>");
    let parts = [
        // Readers find out by the first entry what kind of archive it is.
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", ROOT.to_owned()),
        ("docProps/core.xml", properties(of)),
        ("docProps/app.xml", APP.to_owned()),
        ("word/document.xml", document.into_string()),
        ("word/_rels/document.xml.rels", relationships(&targets)),
        ("word/styles.xml", STYLES.to_owned()),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/settings.xml", SETTINGS.to_owned()),
        ("word/header1.xml", head(of)),
        ("word/footer1.xml", foot()),
    ];
    let failed = |error: &dyn std::fmt::Display| DocumentError(error.to_string());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, options).map_err(|e| failed(&e))?;
        archive.write_all(content.as_bytes()).map_err(|e| failed(&e))?;
    }
    Ok(archive.finish().map_err(|e| failed(&e))?.into_inner())
}

fn frame(element: &str) -> Markup {
    let mut markup = Markup::default();
    markup.raw(XML).raw(&format!("<w:{element} xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\">"));
    markup
}

/// Title, language and day. The body stands for the author: no person does.
fn properties(of: &Compilation) -> String {
    let at = of.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut markup = Markup::default();
    markup.raw(XML).raw(
        "<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
    );
    markup.raw("<dc:title>").text(&of.title).raw("</dc:title>");
    markup.raw("<dc:subject>").text(text::SUBTITLE).raw("</dc:subject>");
    markup.raw("<dc:creator>").text(&of.body).raw("</dc:creator>");
    markup.raw("<cp:lastModifiedBy>").text(&of.body).raw("</cp:lastModifiedBy>");
    for element in ["created", "modified"] {
        markup.raw(&format!("<dcterms:{element} xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:{element}>"));
    }
    markup.raw("<dc:language>sv-SE</dc:language></cp:coreProperties>");
    markup.into_string()
}

fn relationships(targets: &[String]) -> String {
    let mut markup = Markup::default();
    markup.raw(XML).raw(&format!("<Relationships xmlns=\"{RELATIONSHIPS}\">"));
    let own = [
        ("rIdStil", "styles", "styles.xml"),
        ("rIdNumrering", "numbering", "numbering.xml"),
        ("rIdInst", "settings", "settings.xml"),
        ("rIdHuvud", "header", "header1.xml"),
        ("rIdFot", "footer", "footer1.xml"),
    ];
    for (id, kind, target) in own {
        markup.raw(&format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"));
    }
    for (number, target) in targets.iter().enumerate() {
        markup.raw(&format!("<Relationship Id=\"rIdLank{}\" Type=\"{OFFICE}/hyperlink\" ", number + 1));
        markup.raw("Target=\"").text(target).raw("\" TargetMode=\"External\"/>");
    }
    markup.raw("</Relationships>");
    markup.into_string()
}

fn head(of: &Compilation) -> String {
    let mut markup = frame("hdr");
    markup.raw("<w:p><w:pPr><w:pStyle w:val=\"Sidhuvud\"/></w:pPr><w:r><w:t xml:space=\"preserve\">");
    markup.text(&text::page_head(of.diary.as_deref(), &of.body)).raw("</w:t></w:r></w:p></w:hdr>");
    markup.into_string()
}

fn foot() -> String {
    let mut markup = frame("ftr");
    markup.raw("<w:p><w:pPr><w:pStyle w:val=\"Sidfot\"/></w:pPr>");
    for (before, field) in text::PAGE.into_iter().zip(["PAGE", "NUMPAGES"]) {
        markup.raw("<w:r><w:t xml:space=\"preserve\">").verbatim(before).raw("</w:t></w:r>");
        markup.raw(&format!("<w:fldSimple w:instr=\" {field} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>"));
    }
    markup.raw("</w:p></w:ftr>");
    markup.into_string()
}
