//! The slides: what is counted, what has changed, and the plan's rows as tables.

use super::super::markup::{Markup, one_line};
use super::super::package::{OFFICE, XML};
use super::cells::{Cell, Kind, Para, Without, changed};
use super::deal::{ABOVE, HEADS, Leaf, SIDE, WIDTH, Widths, deal, widths};
use super::measure::Measure;
use super::{Sheet, described, fill, ink, lights};
use crate::items::written::symbol;
use crate::items::{Health, Phase};
use crate::text::picture as text;

pub const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
pub const PRESENTATION: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";
const TABLE: &str = "http://schemas.openxmlformats.org/drawingml/2006/table";
/// No Style, No Grid: what a table looks like is said cell by cell, so that it is the same everywhere.
const STYLE: &str = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}";

/// Words that aren't what matters most; lines; the row of heads.
const GREY: &str = "595959";
const RULE: &str = "A6A6A6";
const DARK: &str = "1F3864";
const PALE: &str = "F2F2F2";

/// The margin at the sides, in points.
const LEFT: f64 = 28.0;
/// Where a table begins.
const TOP: f64 = 84.0;
/// The size of a list's letters, and the height it has.
const LIST: Measure = Measure { size: 15.0 };
const LIST_ROOM: f64 = 410.0;

/// The slides' markup, in order.
pub fn slides(sheet: Sheet<'_>) -> Vec<String> {
    let picture = sheet.picture;
    let mut slides = vec![first(sheet)];
    if let Some(since) = picture.since.filter(|_| !picture.changes.is_empty()) {
        let lines: Vec<String> = picture.changes.iter().map(|one| changed(one, picture.day)).collect();
        slides.extend(lists(sheet, &text::since(since), &lines));
    }
    let without = Without { notes: false, mark: sheet.stamp.is_none() };
    let widths = widths(picture.rows(), picture.day, without);
    for section in &picture.sections {
        let leaves = deal(&section.rows, widths, picture.day, without);
        for (leaf, page) in leaves.iter().zip(1..) {
            let title = text::page_of(&section.heading, page, leaves.len());
            slides.push(slide(sheet, &title, |shapes| shapes.table(&section.heading, leaf, widths)));
        }
    }
    if picture.sections.is_empty() {
        slides.extend(lists(sheet, text::section(None), &[text::EMPTY.to_owned()]));
    }
    slides
}

/// What is counted.
fn first(sheet: Sheet<'_>) -> String {
    let picture = sheet.picture;
    let counts = &picture.counts;
    slide(sheet, &sheet.title(), |shapes| {
        let facts: Vec<Para> =
            sheet.facts().into_iter().map(|text| Para { kind: Kind::Text, text }).collect();
        shapes.text("Läget", (LEFT, 84.0, WIDTH, 52.0), &facts, 18.0);
        let size = Para { kind: Kind::Title, text: text::size(counts.rows, counts.parts) };
        shapes.text("Antal", (LEFT, 146.0, WIDTH, 30.0), &[size], 22.0);
        for ((health, count), place) in lights(picture).into_iter().zip([0.0, 1.0, 2.0, 3.0]) {
            shapes.tile(health, count, LEFT + place * 230.0);
        }
        let mut said = vec![Para { kind: Kind::Text, text: text::phases(&counts.phases) }];
        let attention = text::attention(counts.stale, counts.unowned, counts.late);
        let still = picture.since.filter(|_| picture.changes.is_empty()).map(text::unchanged);
        said.extend(attention.into_iter().chain(still).map(|text| Para { kind: Kind::Bullet, text }));
        shapes.text("Sammanfattning", (LEFT, 318.0, WIDTH, 170.0), &said, 18.0);
    })
}

/// A list on as many slides as it takes.
fn lists(sheet: Sheet<'_>, title: &str, lines: &[String]) -> Vec<String> {
    let mut pages: Vec<(f64, Vec<Para>)> = Vec::new();
    for line in lines {
        let para = Para { kind: Kind::Bullet, text: line.clone() };
        let height = LIST.para(&para, WIDTH);
        match pages.last_mut().filter(|(used, _)| used + height <= LIST_ROOM) {
            Some((used, paras)) => {
                *used += height;
                paras.push(para);
            }
            None => pages.push((height, vec![para])),
        }
    }
    let of = pages.len();
    let made = pages.into_iter().zip(1..).map(|((_, paras), page)| {
        let area = (LEFT, TOP + 6.0, WIDTH, LIST_ROOM);
        slide(sheet, &text::page_of(title, page, of), |shapes| shapes.text("Lista", area, &paras, LIST.size))
    });
    made.collect()
}

fn slide(sheet: Sheet<'_>, title: &str, content: impl FnOnce(&mut Shapes)) -> String {
    let mut shapes = Shapes { markup: Markup::default(), last: 1 };
    shapes.markup.raw(XML);
    shapes
        .markup
        .raw(&format!("<p:sld xmlns:a=\"{DRAWING}\" xmlns:r=\"{OFFICE}\" xmlns:p=\"{PRESENTATION}\">"));
    shapes.markup.raw("<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/>");
    shapes.markup.raw("</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/>");
    shapes.markup.raw("<a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>");
    shapes.title(title);
    content(&mut shapes);
    shapes.foot(&sheet.foot());
    shapes.number();
    shapes.markup.raw("</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>");
    shapes.markup.into_string()
}

/// What lies on a slide, being written.
struct Shapes {
    markup: Markup,
    /// The number of the last shape.
    last: u32,
}

/// A place on a slide: from the left and from above, width and height, in points.
type Area = (f64, f64, f64, f64);

impl Shapes {
    fn placeholder(&mut self, name: &str, kind: &str) {
        self.last += 1;
        self.markup
            .raw(&format!("<p:sp><p:nvSpPr><p:cNvPr id=\"{}\" name=\"{name}\"/><p:cNvSpPr>", self.last));
        self.markup
            .raw("<a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph ")
            .raw(kind)
            .raw("/></p:nvPr></p:nvSpPr>");
        self.markup.raw("<p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p>");
    }

    fn title(&mut self, title: &str) {
        self.placeholder("Rubrik", "type=\"title\"");
        self.markup
            .raw("<a:r><a:rPr lang=\"sv-SE\"/><a:t>")
            .text(title)
            .raw("</a:t></a:r></a:p></p:txBody></p:sp>");
    }

    fn number(&mut self) {
        self.placeholder("Bildnummer", "type=\"sldNum\" sz=\"quarter\" idx=\"12\"");
        self.markup.raw("<a:fld id=\"{8C0F1F5B-6D5A-4F0E-9B2B-3C6E0B6B5A01}\" type=\"slidenum\">");
        self.markup.raw("<a:rPr lang=\"sv-SE\"/><a:t>‹nr›</a:t></a:fld></a:p></p:txBody></p:sp>");
    }

    /// The foot is plain text and no footer, which whoever reads documents back takes for decoration.
    fn foot(&mut self, said: &str) {
        let para = Para { kind: Kind::Small, text: said.to_owned() };
        self.text("Sidfot", (LEFT, 512.0, 800.0, 18.0), &[para], 11.0);
    }

    /// Begins a shape, up to where its text comes.
    fn begin(&mut self, name: &str, description: Option<&str>, area: Area, look: &str) {
        self.last += 1;
        self.markup.raw(&format!("<p:sp><p:nvSpPr><p:cNvPr id=\"{}\" name=\"{name}\"", self.last));
        if let Some(description) = description {
            self.markup.raw(" descr=\"").text(description).raw("\"");
        }
        self.markup.raw("/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>").raw(&place("a", area)).raw(look);
        self.markup.raw("</p:spPr>");
    }

    fn text(&mut self, name: &str, area: Area, paras: &[Para], size: f64) {
        self.begin(name, None, area, "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/>");
        self.markup.raw(
            "<p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"t\">",
        );
        self.markup.raw("<a:normAutofit/></a:bodyPr><a:lstStyle/>");
        self.paras(paras, Measure { size }, true);
        self.markup.raw("</p:txBody></p:sp>");
    }

    /// How many parts have a health: its symbol, the number, its word and what it means.
    fn tile(&mut self, health: Health, count: usize, left: f64) {
        let colour = fill(health).unwrap_or(PALE);
        let look = format!(
            "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>\
             <a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"{RULE}\"/></a:solidFill></a:ln>"
        );
        let (word, means) = (health.swedish(), text::legend(health));
        let described = format!("{word}: {count}");
        self.begin(
            &format!("Antal {}", word.to_lowercase()),
            Some(&described),
            (left, 190.0, 214.0, 104.0),
            &look,
        );
        self.markup.raw("<p:txBody><a:bodyPr wrap=\"square\" anchor=\"ctr\"/><a:lstStyle/>");
        let number = format!("{} {count}", symbol(Phase::Unknown, health));
        for (size, bold, said) in [(3600, "1", number), (1400, "0", format!("{word}: {means}"))] {
            self.markup.raw("<a:p><a:pPr algn=\"ctr\"/><a:r>");
            self.markup.raw(&format!("<a:rPr lang=\"sv-SE\" sz=\"{size}\" b=\"{bold}\"><a:solidFill>"));
            self.markup
                .raw("<a:schemeClr val=\"tx1\"/></a:solidFill></a:rPr><a:t>")
                .text(&said)
                .raw("</a:t></a:r></a:p>");
        }
        self.markup.raw("</p:txBody></p:sp>");
    }

    fn table(&mut self, heading: &str, leaf: &Leaf, widths: Widths) {
        self.last += 1;
        let height = HEADS + leaf.rows.iter().map(|row| row.height).sum::<f64>();
        let described = described(heading, leaf.rows.iter().map(|row| row.number));
        self.markup.raw(&format!(
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{}\" name=\"Tabell\"",
            self.last
        ));
        self.markup.raw(" descr=\"").text(&described).raw("\"/><p:cNvGraphicFramePr>");
        self.markup
            .raw("<a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>");
        self.markup.raw(&place("p", (LEFT, TOP, WIDTH, height)));
        self.markup
            .raw(&format!("<a:graphic><a:graphicData uri=\"{TABLE}\"><a:tbl><a:tblPr firstRow=\"1\">"));
        self.markup.raw(&format!("<a:tableStyleId>{STYLE}</a:tableStyleId></a:tblPr><a:tblGrid>"));
        for width in widths {
            self.markup.raw(&format!("<a:gridCol w=\"{}\"/>", emu(width)));
        }
        self.markup.raw("</a:tblGrid>").raw(&format!("<a:tr h=\"{}\">", emu(HEADS)));
        for head in text::COLUMNS {
            self.head(head);
        }
        self.markup.raw("</a:tr>");
        for row in &leaf.rows {
            self.markup.raw(&format!("<a:tr h=\"{}\">", emu(row.height)));
            for cell in &row.cells {
                self.cell(cell, Measure { size: leaf.size });
            }
            self.markup.raw("</a:tr>");
        }
        self.markup.raw("</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
    }

    fn head(&mut self, head: &str) {
        self.markup.raw(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"sv-SE\" sz=\"1100\" b=\"1\">",
        );
        self.markup.raw("<a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill></a:rPr><a:t>").text(head);
        self.markup.raw("</a:t></a:r></a:p></a:txBody>").raw(&cell_look(Some(DARK), "ctr")).raw("</a:tc>");
    }

    fn cell(&mut self, cell: &Cell, measure: Measure) {
        self.markup.raw("<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>");
        self.paras(&cell.paras, measure, cell.fill.is_none());
        if cell.paras.is_empty() {
            self.markup.raw(&format!(
                "<a:p><a:endParaRPr lang=\"sv-SE\" sz=\"{}\"/></a:p>",
                hundredths(measure.size)
            ));
        }
        let colour = cell.fill.and_then(fill);
        self.markup.raw("</a:txBody>").raw(&cell_look(colour, "t")).raw("</a:tc>");
    }

    /// Paragraphs; `inked`: a status has its own colour, since the cell has none.
    fn paras(&mut self, paras: &[Para], measure: Measure, inked: bool) {
        for para in paras {
            let after = hundredths(measure.after());
            let (indent, bullet) = match para.kind {
                Kind::Bullet => {
                    let stands_in = emu(measure.indent());
                    let bullet = "<a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/>";
                    (format!(" marL=\"{stands_in}\" indent=\"-{stands_in}\""), bullet)
                }
                _ => (String::new(), "<a:buNone/>"),
            };
            self.markup.raw(&format!(
                "<a:p><a:pPr{indent}><a:spcAft><a:spcPts val=\"{after}\"/></a:spcAft>{bullet}</a:pPr>"
            ));
            let size = hundredths(measure.of(para.kind));
            match para.kind {
                Kind::Status(health) => self.status(&para.text, health, size, inked),
                Kind::Title => self.run(&para.text, size, true, None),
                Kind::Small if inked => self.run(&para.text, size, false, Some(GREY)),
                Kind::Small | Kind::Text | Kind::Bullet => self.run(&para.text, size, false, None),
            }
            self.markup.raw("</a:p>");
        }
    }

    /// A status, its symbol in its own colour where the cell has none.
    fn status(&mut self, said: &str, health: Health, size: i64, inked: bool) {
        match ink(health).filter(|_| inked).zip(said.split_once(' ')) {
            Some((colour, (symbol, words))) => {
                self.run(&format!("{symbol} "), size, true, Some(colour));
                self.run(words, size, true, None);
            }
            None => self.run(said, size, true, None),
        }
    }

    fn run(&mut self, said: &str, size: i64, bold: bool, colour: Option<&str>) {
        let bold = if bold { " b=\"1\"" } else { "" };
        self.markup.raw(&format!("<a:r><a:rPr lang=\"sv-SE\" sz=\"{size}\"{bold}>"));
        if let Some(colour) = colour {
            self.markup.raw(&format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>"));
        }
        let ends_open = if said.ends_with(' ') { " " } else { "" };
        self.markup.raw("</a:rPr><a:t>").verbatim(&one_line(said)).raw(ends_open).raw("</a:t></a:r>");
    }
}

/// A cell's margins, lines and background.
fn cell_look(colour: Option<&str>, anchor: &str) -> String {
    let (side, above) = (emu(SIDE), emu(ABOVE));
    let side_line = |name: &str| format!("<a:ln{name} w=\"0\"><a:noFill/></a:ln{name}>");
    let line = |name: &str| {
        format!("<a:ln{name} w=\"9525\"><a:solidFill><a:srgbClr val=\"{RULE}\"/></a:solidFill></a:ln{name}>")
    };
    let fill = match colour {
        Some(colour) => format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>"),
        None => "<a:noFill/>".to_owned(),
    };
    format!(
        "<a:tcPr marL=\"{side}\" marR=\"{side}\" marT=\"{above}\" marB=\"{above}\" anchor=\"{anchor}\">\
         {}{}{}{}{fill}</a:tcPr>",
        side_line("L"),
        side_line("R"),
        line("T"),
        line("B"),
    )
}

fn place(prefix: &str, (left, top, width, height): Area) -> String {
    format!(
        "<{prefix}:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></{prefix}:xfrm>",
        emu(left),
        emu(top),
        emu(width),
        emu(height)
    )
}

/// Points in the units of drawings, of which 12,700 are one.
fn emu(points: f64) -> i64 {
    whole(points * 12_700.0)
}

/// Points in the units of letters.
fn hundredths(points: f64) -> i64 {
    whole(points * 100.0)
}

#[expect(clippy::cast_possible_truncation, reason = "nothing on a slide is larger than some million units")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}
