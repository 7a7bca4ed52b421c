//! A paper to be read from its top to its end: headings, lists and tables, as a text or as a page.

use jiff::Timestamp;

use super::docx::{Frame, Pages, docx};
use super::markup::Markup;
use super::package::{About, DocumentError};
use super::writing::{PORTRAIT, Writing};

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub subtitle: String,
    /// Whose it is: a body.
    pub body: String,
    /// When it is true.
    pub at: Timestamp,
    /// What stands below the title: label and value.
    pub facts: Vec<(String, String)>,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// One thing that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading over what follows.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A table, called by the heading above it.
    Table {
        /// What it holds.
        caption: String,
        /// The head of each column, and how many hundredths of the width it has.
        columns: Vec<(&'static str, u32)>,
        /// Its rows, each with a cell for each column. A line break begins a paragraph.
        rows: Vec<Vec<String>>,
    },
}

impl Paper {
    /// The paper as a .docx. Equal values give equal bytes.
    ///
    /// # Errors
    /// When it would be larger than a zip archive can be (4 GiB).
    pub fn docx(&self) -> Result<Vec<u8>, DocumentError> {
        let mut writing = Writing::default();
        writing.paragraph("Rubrik", &self.title);
        writing.paragraph("Underrubrik", &self.subtitle);
        for (label, value) in &self.facts {
            writing.fact(label, |w| w.run(value));
        }
        for block in &self.blocks {
            match block {
                Block::Heading(heading) => writing.paragraph("Rubrik1", heading),
                Block::Text(text) => writing.paragraph("Normal", text),
                Block::Table { caption, columns, rows } => table(&mut writing, caption, columns, rows),
            }
        }
        let about = About { title: &self.title, subject: &self.subtitle, author: &self.body, at: self.at };
        docx(writing, Frame { head: &self.body, foot: None, pages: Pages::Upright }, &about, &[])
    }

    /// The paper as HTML, in Swedish, in UTF-8. Equal values give equal bytes.
    #[must_use]
    pub fn html(&self) -> String {
        let mut page = super::page::begun(&self.title);
        page.raw("<h1>")
            .text(&self.title)
            .raw("</h1>\n<p class=\"facts\">")
            .text(&self.subtitle)
            .raw("</p>\n<dl>\n");
        for (label, value) in &self.facts {
            page.raw("<dt>").text(label).raw("</dt><dd>").text(value).raw("</dd>\n");
        }
        page.raw("</dl>\n");
        for block in &self.blocks {
            match block {
                Block::Heading(heading) => page.raw("<h2>").text(heading).raw("</h2>\n"),
                Block::Text(text) => page.raw("<p>").text(text).raw("</p>\n"),
                Block::Table { caption, columns, rows } => html_table(&mut page, caption, columns, rows),
            };
        }
        page.raw("</main>\n</body>\n</html>\n");
        page.into_string()
    }
}

fn table(writing: &mut Writing, caption: &str, columns: &[(&str, u32)], rows: &[Vec<String>]) {
    let widths: Vec<u32> = columns.iter().map(|(_, share)| PORTRAIT * share / 100).collect();
    let heads: Vec<(&str, u32)> = columns.iter().map(|(head, _)| *head).zip(widths.iter().copied()).collect();
    writing.begin_table(caption, &heads);
    for row in rows {
        writing.markup.raw("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (cell, width) in row.iter().zip(&widths) {
            writing.cell(*width, |w| cell.split('\n').for_each(|line| w.paragraph("Tabelltext", line)));
        }
        writing.markup.raw("</w:tr>");
    }
    writing.end_table();
}

fn html_table<'m>(
    page: &'m mut Markup,
    caption: &str,
    columns: &[(&str, u32)],
    rows: &[Vec<String>],
) -> &'m mut Markup {
    page.raw("<table>\n<caption>").text(caption).raw("</caption>\n<colgroup>");
    for (_, share) in columns {
        page.raw(&format!("<col style=\"width:{share}%\">"));
    }
    page.raw("</colgroup>\n<thead><tr>");
    for (head, _) in columns {
        page.raw("<th scope=\"col\">").text(head).raw("</th>");
    }
    page.raw("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.raw("<tr>");
        for cell in row {
            page.raw("<td>");
            for line in cell.split('\n') {
                page.raw("<p>").text(line).raw("</p>");
            }
            page.raw("</td>");
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody>\n</table>\n")
}
