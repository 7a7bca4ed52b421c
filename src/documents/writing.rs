//! The body of a text: paragraphs, links and tables in the styles of `parts/styles.xml`.

use super::markup::{Markup, is_address, lines, one_line};

/// The text area of an A4 page with margins of 2 cm, in twentieths of a point.
pub const PORTRAIT: u32 = 9_638;
/// The same of a page on its side.
pub const LANDSCAPE: u32 = 14_570;

/// What stands in the body, without its frame, and the addresses that its links lead to.
#[derive(Debug, Default)]
pub struct Writing {
    /// The markup.
    pub markup: Markup,
    /// The links' targets; the first is `rIdLank1`.
    pub targets: Vec<String>,
}

impl Writing {
    /// A label and its value.
    pub fn fact(&mut self, label: &str, value: impl FnOnce(&mut Self)) {
        self.styled("Uppgift", |d| {
            d.bold(&format!("{label}:"));
            d.run(" ");
            value(d);
        });
    }

    /// A paragraph in a style, on one line.
    pub fn paragraph(&mut self, style: &str, content: &str) {
        self.styled(style, |d| d.run(&one_line(content)));
    }

    /// A paragraph in a style.
    pub fn styled(&mut self, style: &str, content: impl FnOnce(&mut Self)) {
        self.markup.raw("<w:p><w:pPr><w:pStyle w:val=\"").raw(style).raw("\"/></w:pPr>");
        content(self);
        self.markup.raw("</w:p>");
    }

    /// Words in bold, on one line.
    pub fn bold(&mut self, content: &str) {
        self.markup.raw("<w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space=\"preserve\">");
        self.markup.text(content).raw("</w:t></w:r>");
    }

    /// Words, with their line breaks.
    pub fn run(&mut self, content: &str) {
        self.run_of(&[content.to_owned()]);
    }

    /// Lines of one paragraph.
    pub fn run_of(&mut self, all: &[String]) {
        self.markup.raw("<w:r>");
        for (number, line) in all.iter().flat_map(|l| lines(l)).enumerate() {
            if number > 0 {
                self.markup.raw("<w:br/>");
            }
            for (number, part) in line.split('\t').enumerate() {
                if number > 0 {
                    self.markup.raw("<w:tab/>");
                }
                self.markup.raw("<w:t xml:space=\"preserve\">").verbatim(part).raw("</w:t>");
            }
        }
        self.markup.raw("</w:r>");
    }

    /// An address, which can be followed if it is one that every reader takes.
    pub fn link(&mut self, link: &str) {
        let link = one_line(link);
        if !is_address(&link) {
            return self.run(&link);
        }
        let known = self.targets.iter().position(|target| *target == link);
        let number = known.unwrap_or_else(|| {
            self.targets.push(link.clone());
            self.targets.len() - 1
        });
        self.markup.raw(&format!("<w:hyperlink r:id=\"rIdLank{}\" w:history=\"1\">", number + 1));
        self.markup.raw("<w:r><w:rPr><w:rStyle w:val=\"Hyperlnk\"/></w:rPr><w:t>").text(&link);
        self.markup.raw("</w:t></w:r></w:hyperlink>");
    }

    /// Words in the colour of six hexadecimal digits, bold or not.
    pub fn coloured(&mut self, content: &str, colour: &str, bold: bool) {
        let bold = if bold { "<w:b/><w:bCs/>" } else { "" };
        self.markup.raw(&format!("<w:r><w:rPr>{bold}<w:color w:val=\"{colour}\"/></w:rPr>"));
        self.markup.raw("<w:t xml:space=\"preserve\">").verbatim(&one_line(content)).raw("</w:t></w:r>");
    }

    /// A table with a row of heads that is repeated on each page. No cell is merged: a screen reader reads a row
    /// with the heads of its columns.
    pub fn begin_table(&mut self, title: &str, columns: &[(&str, u32)]) {
        let width: u32 = columns.iter().map(|(_, width)| width).sum();
        self.markup.raw("<w:tbl><w:tblPr><w:tblStyle w:val=\"Svarstabell\"/>");
        self.markup.raw(&format!("<w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>"));
        self.markup.raw("<w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" ");
        self.markup.raw("w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>");
        self.markup.raw("<w:tblCaption w:val=\"").text(title).raw("\"/></w:tblPr><w:tblGrid>");
        for (_, width) in columns {
            self.markup.raw(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.markup.raw("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (head, width) in columns {
            self.filled(*width, Some("DDE6F3"), |d| d.styled("Tabelltext", |d| d.bold(head)));
        }
        self.markup.raw("</w:tr>");
    }

    /// Ends a table. Word wants a paragraph after one, and two tables in a row would become one.
    pub fn end_table(&mut self) {
        self.markup.raw("</w:tbl><w:p/>");
    }

    /// A cell.
    pub fn cell(&mut self, width: u32, content: impl FnOnce(&mut Self)) {
        self.filled(width, None, content);
    }

    /// A cell with a background in the colour of six hexadecimal digits.
    pub fn filled(&mut self, width: u32, fill: Option<&str>, content: impl FnOnce(&mut Self)) {
        self.markup.raw(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
        if let Some(fill) = fill {
            self.markup.raw(&format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>"));
        }
        self.markup.raw("</w:tcPr>");
        content(self);
        self.markup.raw("</w:tc>");
    }
}
