//! A text as a .docx: what is written, between the parts that every text has.

use super::markup::Markup;
use super::package::{About, DocumentError, OFFICE, Package, Relations, XML};
use super::writing::Writing;
use crate::text::documents as text;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Parts that are the same in every text.
const STYLES: &str = include_str!("parts/styles.xml");
const NUMBERING: &str = include_str!("parts/numbering.xml");
const SETTINGS: &str = include_str!("parts/settings.xml");

/// How its pages lie: A4 with margins of 2 cm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    Upright,
    OnTheirSide,
}

/// What stands above and below each page, beside its number.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub head: &'a str,
    pub foot: Option<&'a str>,
    pub pages: Pages,
}

/// Puts a text together. Equal values give equal bytes.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn docx(
    writing: Writing,
    frame: Frame<'_>,
    about: &About<'_>,
    own: &[(String, String)],
) -> Result<Vec<u8>, DocumentError> {
    let Writing { markup, targets } = writing;
    let mut document = begun("document");
    document.raw("<w:body>").raw(&markup.into_string()).raw(&section(frame.pages));
    document.raw("</w:body></w:document>");
    let mut relations = Relations::default();
    relations.add("rIdStil", "styles", "styles.xml");
    relations.add("rIdNumrering", "numbering", "numbering.xml");
    relations.add("rIdInst", "settings", "settings.xml");
    relations.add("rIdHuvud", "header", "header1.xml");
    relations.add("rIdFot", "footer", "footer1.xml");
    for (target, number) in targets.iter().zip(1..) {
        relations.link(&format!("rIdLank{number}"), target);
    }
    let mut package = Package::default();
    package.part("word/document.xml", "wordprocessingml.document.main+xml", document.into_string());
    package.relations("word/document.xml", &relations);
    package.part("word/styles.xml", "wordprocessingml.styles+xml", STYLES);
    package.part("word/numbering.xml", "wordprocessingml.numbering+xml", NUMBERING);
    package.part("word/settings.xml", "wordprocessingml.settings+xml", SETTINGS);
    package.part("word/header1.xml", "wordprocessingml.header+xml", head(frame.head));
    package.part("word/footer1.xml", "wordprocessingml.footer+xml", foot(frame.foot));
    package.pack("word/document.xml", about, own)
}

fn section(pages: Pages) -> String {
    let size = match pages {
        Pages::Upright => "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
        Pages::OnTheirSide => "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>",
    };
    format!(
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdHuvud\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rIdFot\"/>{size}\
         <w:pgMar w:top=\"1418\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"680\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>"
    )
}

fn begun(element: &str) -> Markup {
    let mut markup = Markup::default();
    markup.raw(XML).raw(&format!("<w:{element} xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\">"));
    markup
}

fn head(said: &str) -> String {
    let mut markup = begun("hdr");
    markup.raw("<w:p><w:pPr><w:pStyle w:val=\"Sidhuvud\"/></w:pPr><w:r><w:t xml:space=\"preserve\">");
    markup.text(said).raw("</w:t></w:r></w:p></w:hdr>");
    markup.into_string()
}

fn foot(said: Option<&str>) -> String {
    let mut markup = begun("ftr");
    markup.raw("<w:p><w:pPr><w:pStyle w:val=\"Sidfot\"/></w:pPr>");
    if let Some(said) = said {
        markup.raw("<w:r><w:t xml:space=\"preserve\">").verbatim(said).verbatim(" · ").raw("</w:t></w:r>");
    }
    for (before, field) in text::PAGE.into_iter().zip(["PAGE", "NUMPAGES"]) {
        markup.raw("<w:r><w:t xml:space=\"preserve\">").verbatim(before).raw("</w:t></w:r>");
        markup.raw(&format!("<w:fldSimple w:instr=\" {field} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>"));
    }
    markup.raw("</w:p></w:ftr>");
    markup.into_string()
}
