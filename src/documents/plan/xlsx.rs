//! The workbook: one sheet, a row for each row of the plan (ECMA-376, part 1, 18).

use jiff::civil::Date;

use super::super::markup::Markup;
use super::super::package::{DocumentError, OFFICE, Package, Relations, XML};
use super::cells::{Cell, Kind, Para, Without, cells};
use super::measure::Measure;
use super::{Sheet, ink};
use crate::items::Health;
use crate::picture::{Section, Shown};
use crate::text::items;
use crate::text::picture as text;
use text::workbook as words;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// Styles of cells, by their place in [`STYLES`].
const STYLES: &str = include_str!("parts/sheet-styles.xml");
const HEAD: u8 = 1;
const TEXT: u8 = 2;
const SMALL: u8 = 6;
const DAY: u8 = 7;
/// Widths of columns in letters, one for each of [`heads`].
const WIDTHS: [f64; 12] = [14.0, 14.0, 26.0, 32.0, 34.0, 22.0, 14.0, 17.0, 11.0, 16.0, 16.0, 8.0];
/// The width of a letter that these are counted in, in points, and the size of letters in cells.
const LETTER: f64 = 5.25;
const SIZE: Measure = Measure { size: 10.0 };

/// The heads of the columns: the template's with where a row comes from before them, then what else is known.
fn heads() -> Vec<&'static str> {
    let mut heads = vec![words::SOURCE];
    heads.extend(text::COLUMNS);
    heads.extend(words::MORE);
    heads.push(words::ID);
    heads
}

/// The lägesbild as an .xlsx. Equal values give equal bytes.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn xlsx(sheet: Sheet<'_>) -> Result<Vec<u8>, DocumentError> {
    let mut relations = Relations::default();
    relations.add("rId1", "worksheet", "worksheets/sheet1.xml");
    relations.add("rId2", "styles", "styles.xml");
    let mut package = Package::default();
    package.part("xl/workbook.xml", "spreadsheetml.sheet.main+xml", workbook(sheet.picture.counts.rows));
    package.relations("xl/workbook.xml", &relations);
    package.part("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml", worksheet(sheet));
    package.part("xl/styles.xml", "spreadsheetml.styles+xml", STYLES);
    let title = sheet.title();
    package.pack("xl/workbook.xml", &sheet.about(&title), &sheet.properties())
}

fn workbook(rows: usize) -> String {
    // The ids are for whoever reads the workbook back: they aren't printed.
    let (name, last, print) = (words::SHEET, column(WIDTHS.len() - 1), column(WIDTHS.len() - 2));
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
         <sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/></sheets><definedNames>\
         <definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"0\" hidden=\"1\">{name}!$A$1:${last}${}</definedName>\
         <definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">{name}!$A$1:${print}${}</definedName>\
         <definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">{name}!$1:$1</definedName>\
         </definedNames></workbook>",
        rows + 1,
        rows + 4
    )
}

fn worksheet(sheet: Sheet<'_>) -> String {
    let picture = sheet.picture;
    let mut grid =
        Grid { markup: Markup::default(), line: Markup::default(), height: 0.0, row: 0, column: 0 };
    grid.row();
    for head in heads() {
        grid.text(HEAD, head);
    }
    grid.end();
    for section in &picture.sections {
        for shown in &section.rows {
            grid.plan_row(section, shown, picture.day);
        }
    }
    let (last, rows) = (column(WIDTHS.len() - 1), grid.row);
    // Below the table, and apart from it so that nobody sorts it in.
    grid.row += 1;
    for said in [sheet.facts().join(" · "), sheet.foot()] {
        grid.row();
        grid.text(SMALL, &said);
        grid.end();
    }
    let cells = grid.markup.into_string();
    let mut markup = Markup::default();
    markup
        .raw(XML)
        .raw(&format!("<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"));
    markup.raw(&format!("<dimension ref=\"A1:{last}{}\"/>", grid.row));
    markup.raw("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" ");
    markup.raw("activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
    markup.raw("<sheetFormatPr defaultRowHeight=\"15\"/><cols>");
    for (width, number) in WIDTHS.iter().zip(1..) {
        markup.raw(&format!("<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"));
    }
    markup.raw("</cols><sheetData>").raw(&cells).raw("</sheetData>");
    markup.raw(&format!("<autoFilter ref=\"A1:{last}{rows}\"/>"));
    markup.raw(
        "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>",
    );
    markup.raw("<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/>");
    markup.raw("<headerFooter><oddHeader>").text(&format!("&L{}", margin(&sheet.title())));
    markup.raw("</oddHeader><oddFooter>").text(&format!("&L{}&R&P (&N)", margin(&sheet.foot())));
    markup.raw("</oddFooter></headerFooter></worksheet>");
    markup.into_string()
}

/// A text above or below the pages, in which an ampersand means something and which may not have many letters.
fn margin(said: &str) -> String {
    said.chars().take(180).collect::<String>().replace('&', "&&")
}

/// Rows of cells, being written.
struct Grid {
    markup: Markup,
    /// The cells of the row that is being written, and the height of the highest in points.
    line: Markup,
    height: f64,
    /// The last row, from 1.
    row: usize,
    /// The next column of it, from 0.
    column: usize,
}

impl Grid {
    fn row(&mut self) {
        (self.row, self.column, self.height) = (self.row + 1, 0, 0.0);
    }

    /// Ends a row. Its height is said since not every program works it out when it opens a workbook.
    fn end(&mut self) {
        let height = (self.height + 4.0).clamp(15.0, 409.0);
        self.markup.raw(&format!("<row r=\"{}\" ht=\"{height:.1}\" customHeight=\"1\">", self.row));
        self.markup.raw(&std::mem::take(&mut self.line).into_string()).raw("</row>");
    }

    /// Makes room for what the next cell says.
    fn fit(&mut self, said: &str, bold: bool) {
        let width = WIDTHS.get(self.column).copied().unwrap_or(10.0) * LETTER;
        let kind = if bold { Kind::Title } else { Kind::Text };
        let each = said
            .split('\n')
            .map(|text| SIZE.para(&Para { kind, text: text.to_owned() }, width) - SIZE.after());
        self.height = self.height.max(each.sum());
    }

    /// A row of the plan. What the register tells of its parts has columns of its own, so that it can be sorted.
    fn plan_row(&mut self, section: &Section, shown: &Shown, day: Date) {
        self.row();
        self.text(TEXT, section.source.map_or("", |source| source.swedish()));
        let [focus, title, activities, follow_up, status] =
            cells(shown, day, Without { notes: true, mark: true });
        for cell in [&focus, &title, &activities, &follow_up] {
            self.rich(TEXT, cell);
        }
        self.rich(filled(status.fill), &status);
        let each = |said: &dyn Fn(usize) -> String| {
            let said: Vec<String> =
                (0..shown.parts.len()).map(said).filter(|text| !text.is_empty()).collect();
            said.join("\n")
        };
        let of = |at: usize, said: String| match shown.row.units.get(at).and_then(|unit| unit.part.as_ref()) {
            Some(part) if !said.is_empty() => format!("{said} ({part})"),
            _ => said,
        };
        self.text(TEXT, &each(&|at| of(at, text::age(shown.parts[at].reported, day))));
        self.text(TEXT, &each(&|at| of(at, shown.parts[at].owners.join(", "))));
        let days: Vec<Date> = shown.parts.iter().filter_map(|part| part.next).collect();
        match days.as_slice() {
            [only] if shown.parts.len() == 1 => self.day(*only),
            _ => self.text(
                TEXT,
                &each(&|at| of(at, shown.parts[at].next.map(|d| d.to_string()).unwrap_or_default())),
            ),
        }
        let waits = |at: usize| {
            let waits = shown.parts[at].waits.iter().map(|(said, until)| items::wait(said, *until, day));
            waits.collect::<Vec<_>>().join("; ")
        };
        self.text(TEXT, &each(&|at| of(at, waits(at))));
        let late = shown.late.as_ref().map(|(last, said)| items::deadline(*last, said, day));
        self.text(TEXT, &late.unwrap_or_default());
        self.text(SMALL, super::short_id(section, shown));
        self.end();
    }

    /// Begins a cell with what it is.
    fn begin(&mut self, style: u8, kind: &str) {
        let place = format!("{}{}", column(self.column), self.row);
        self.column += 1;
        self.line.raw(&format!("<c r=\"{place}\" s=\"{style}\"{kind}>"));
    }

    /// A text is always a text and never a formula, whatever it begins with.
    fn text(&mut self, style: u8, said: &str) {
        if style != SMALL {
            self.fit(said, style == HEAD);
        }
        self.begin(style, " t=\"inlineStr\"");
        self.line.raw("<is><t xml:space=\"preserve\">");
        self.lines(said);
        self.line.raw("</t></is></c>");
    }

    fn day(&mut self, day: Date) {
        // Days are counted from the last of 1899, as if 1900 had been a leap year.
        let number = (day - jiff::civil::date(1899, 12, 30)).get_days();
        self.begin(DAY, "");
        self.line.raw(&format!("<v>{number}</v></c>"));
    }

    /// Paragraphs, a line each. A cell has one colour, so where the parts differ their symbols have theirs.
    fn rich(&mut self, style: u8, cell: &Cell) {
        let plain = |kind: Kind| !matches!(kind, Kind::Title | Kind::Status(_));
        if cell.paras.iter().all(|para| plain(para.kind)) {
            let marked = cell.paras.iter().map(|para| match para.kind {
                Kind::Bullet if cell.paras.len() > 1 => format!("• {}", para.text),
                _ => para.text.clone(),
            });
            return self.text(style, &marked.collect::<Vec<_>>().join("\n"));
        }
        self.fit(&cell.text(), true);
        self.begin(style, " t=\"inlineStr\"");
        self.line.raw("<is>");
        for (number, para) in cell.paras.iter().enumerate() {
            let before = if number > 0 { "\n" } else { "" };
            match para.kind {
                Kind::Status(health) if cell.fill.is_none() => self.status(before, health, &para.text),
                Kind::Status(_) | Kind::Title => self.run(before, &para.text, true, None),
                _ => self.run(before, &para.text, false, None),
            }
        }
        self.line.raw("</is></c>");
    }

    fn status(&mut self, before: &str, health: Health, said: &str) {
        match ink(health).zip(said.split_once(' ')) {
            Some((colour, (symbol, words))) => {
                self.run(before, symbol, true, Some(colour));
                self.run("", &format!(" {words}"), true, None);
            }
            None => self.run(before, said, true, None),
        }
    }

    fn run(&mut self, before: &str, said: &str, bold: bool, colour: Option<&str>) {
        let bold = if bold { "<b/>" } else { "" };
        let colour = match colour {
            Some(colour) => format!("<color rgb=\"FF{colour}\"/>"),
            None => "<color rgb=\"FF1A1A1A\"/>".to_owned(),
        };
        self.line.raw(&format!("<r><rPr>{bold}<sz val=\"10\"/>{colour}<rFont val=\"Arial\"/></rPr>"));
        self.line.raw("<t xml:space=\"preserve\">").raw(before);
        self.lines(said);
        self.line.raw("</t></r>");
    }

    fn lines(&mut self, said: &str) {
        for (number, line) in super::super::markup::lines(said).iter().enumerate() {
            if number > 0 {
                self.line.raw("\n");
            }
            self.line.verbatim(&line.replace('\t', " "));
        }
    }
}

/// The style of a cell with a status.
fn filled(health: Option<Health>) -> u8 {
    match health {
        Some(Health::Green) => 3,
        Some(Health::Yellow) => 4,
        Some(Health::Red) => 5,
        Some(Health::Unknown) | None => TEXT,
    }
}

/// The name of a column, from 0; there are fewer than 26.
fn column(number: usize) -> char {
    u8::try_from(number).map_or('A', |number| char::from(b'A'.saturating_add(number)))
}

#[cfg(test)]
mod tests {
    use super::super::fill;
    use super::*;

    #[test]
    fn each_column_has_a_head_and_a_width() {
        assert_eq!(heads().len(), WIDTHS.len());
        assert_eq!(column(WIDTHS.len() - 1), 'L');
    }

    #[test]
    fn the_styles_have_the_colours_of_the_cells() {
        for health in Health::ALL {
            assert!(fill(*health).is_none_or(|hex| STYLES.contains(hex)), "{health:?}");
        }
    }
}
