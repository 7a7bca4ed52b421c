//! Packages made by hand, each as small as what it shows allows.

use std::io::{Cursor, Write};

use arshjul::fault::Faults;
use arshjul::import::office::{Block, Document, Limits, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::outline;

/// An archive of parts.
pub(crate) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Relations: id, kind and target.
pub(crate) fn relations(all: &[(&str, &str, &str)]) -> String {
    let one = |(id, kind, target): &(&str, &str, &str)| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/relationships/{kind}\" Target=\"{target}\"/>")
    };
    format!("<Relationships>{}</Relationships>", all.iter().map(one).collect::<String>())
}

/// A document with a main part, what that refers to, and other parts.
pub(crate) fn document(
    main: (&str, &str),
    related: &[(&str, &str, &str)],
    others: &[(&str, &str)],
) -> Vec<u8> {
    let root = relations(&[("r", "officeDocument", main.0)]);
    let (folder, name) = main.0.rsplit_once('/').unwrap();
    let (path, related) = (format!("{folder}/_rels/{name}.rels"), relations(related));
    let mut parts = vec![("_rels/.rels", root.as_str()), main, (path.as_str(), related.as_str())];
    parts.extend(others);
    package(&parts)
}

const THEME: &str = "<a:theme xmlns:a='x'><a:themeElements><a:clrScheme name='x'>\
    <a:dk1><a:sysClr val='windowText' lastClr='000000'/></a:dk1><a:lt1><a:sysClr val='window' lastClr='FFFFFF'/>\
    </a:lt1><a:dk2><a:srgbClr val='44546A'/></a:dk2><a:lt2><a:srgbClr val='E7E6E6'/></a:lt2>\
    <a:accent1><a:srgbClr val='4472C4'/></a:accent1><a:accent4><a:srgbClr val='FFC000'/></a:accent4>\
    <a:accent6><a:srgbClr val='70AD47'/></a:accent6></a:clrScheme></a:themeElements></a:theme>";

/// A presentation with one slide whose shape tree is this.
pub(crate) fn slide(tree: &str) -> Vec<u8> {
    slides(&[("", tree)])
}

/// A presentation with slides: attributes and shape trees.
fn slides(all: &[(&str, &str)]) -> Vec<u8> {
    let ids: Vec<String> = (1..=all.len()).map(|n| format!("s{n}")).collect();
    let names: Vec<String> = (1..=all.len()).map(|n| format!("slides/slide{n}.xml")).collect();
    let list: String = ids.iter().map(|id| format!("<p:sldId id='256' r:id='{id}'/>")).collect();
    let main = format!("<p:presentation><p:sldIdLst>{list}</p:sldIdLst></p:presentation>");
    let related: Vec<_> =
        ids.iter().zip(&names).map(|(id, name)| (id.as_str(), "slide", name.as_str())).collect();
    let mut parts: Vec<(String, String)> = vec![
        ("ppt/slideLayouts/l.xml".into(), "<p:sldLayout/>".into()),
        (
            "ppt/slideLayouts/_rels/l.xml.rels".into(),
            relations(&[("m", "slideMaster", "../slideMasters/m.xml")]),
        ),
        (
            "ppt/slideMasters/m.xml".into(),
            "<p:sldMaster><p:clrMap bg1='lt1' tx1='dk1' accent6='accent4'/></p:sldMaster>".into(),
        ),
        ("ppt/slideMasters/_rels/m.xml.rels".into(), relations(&[("t", "theme", "/ppt/theme/t.xml")])),
        ("ppt/theme/t.xml".into(), THEME.into()),
    ];
    for (name, (attributes, tree)) in names.iter().zip(all) {
        let text = format!(
            "<p:sld {attributes}><p:cSld><p:bg/><p:spTree><p:grpSpPr/>{tree}</p:spTree></p:cSld></p:sld>"
        );
        parts.push((format!("ppt/{name}"), text));
        let path = name.replace("slides/", "ppt/slides/_rels/");
        parts.push((format!("{path}.rels"), relations(&[("l", "slideLayout", "../slideLayouts/l.xml")])));
    }
    let parts: Vec<(&str, &str)> = parts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    document(("ppt/presentation.xml", &main), &related, &parts)
}

/// A text whose body is this.
pub(crate) fn text(body: &str) -> Vec<u8> {
    let main = format!("<w:document><w:body>{body}</w:body></w:document>");
    let styles = "<w:styles>\
        <w:style w:type='paragraph' w:styleId='Rubrik1'><w:name w:val='heading 1'/></w:style>\
        <w:style w:type='paragraph' w:styleId='Egen'><w:name w:val='Egen'/><w:basedOn w:val='Rubrik1'/></w:style>\
        <w:style w:type='paragraph' w:styleId='A'><w:basedOn w:val='B'/></w:style>\
        <w:style w:type='paragraph' w:styleId='B'><w:basedOn w:val='A'/></w:style>\
        <w:style w:type='paragraph' w:styleId='Punkt'><w:name w:val='List Bullet'/>\
        <w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='3'/></w:numPr></w:pPr></w:style></w:styles>";
    let related = [("s", "styles", "styles.xml"), ("t", "theme", "theme/t.xml")];
    document(
        ("word/document.xml", &main),
        &related,
        &[("word/styles.xml", styles), ("word/theme/t.xml", THEME)],
    )
}

/// A workbook with one sheet.
pub(crate) fn sheet(content: &str) -> Vec<u8> {
    workbook("<x:sheet name='Plan' sheetId='1' r:id='s'/>", content)
}

fn workbook(sheets: &str, content: &str) -> Vec<u8> {
    let main = format!("<x:workbook><x:workbookPr/><x:sheets>{sheets}</x:sheets></x:workbook>");
    let related = [
        ("s", "worksheet", "worksheets/sheet1.xml"),
        ("c", "chartsheet", "chartsheets/sheet1.xml"),
        ("t", "theme", "theme/t.xml"),
        ("y", "styles", "styles.xml"),
        ("h", "sharedStrings", "sharedStrings.xml"),
    ];
    let styles = "<x:styleSheet><x:fills><x:fill><x:patternFill patternType='none'/></x:fill>\
        <x:fill><x:patternFill patternType='solid'><x:fgColor indexed='10'/></x:patternFill></x:fill>\
        <x:fill><x:patternFill patternType='solid'><x:fgColor theme='9' tint='0.39997558519241921'/></x:patternFill></x:fill>\
        <x:fill><x:patternFill patternType='solid'><x:fgColor indexed='12'/></x:patternFill></x:fill>\
        <x:fill><x:patternFill patternType='lightUp'><x:fgColor rgb='FFFF0000'/></x:patternFill></x:fill></x:fills>\
        <x:cellStyleXfs><x:xf fillId='1'/></x:cellStyleXfs>\
        <x:cellXfs><x:xf/><x:xf fillId='1'/><x:xf fillId='2'/><x:xf fillId='3'/><x:xf fillId='4'/><x:xf numFmtId='14'/></x:cellXfs>\
        <x:dxfs><x:dxf><x:fill/></x:dxf></x:dxfs>\
        <x:colors><x:indexedColors>\
        <x:rgbColor/><x:rgbColor/><x:rgbColor/><x:rgbColor/><x:rgbColor/><x:rgbColor/><x:rgbColor/><x:rgbColor/>\
        <x:rgbColor/><x:rgbColor/><x:rgbColor rgb='00FF0000'/><x:rgbColor/><x:rgbColor rgb='0000B050'/></x:indexedColors></x:colors></x:styleSheet>";
    let strings = "<x:sst><x:si><x:t>Status</x:t></x:si><x:si><x:r><x:t>del</x:t></x:r><x:r><x:rPr><x:b/></x:rPr>\
        <x:t xml:space='preserve'>ad </x:t></x:r><x:rPh><x:t>läses</x:t></x:rPh></x:si></x:sst>";
    let sheet = format!("<x:worksheet>{content}</x:worksheet>");
    let others = [
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
        ("xl/theme/t.xml", THEME),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", strings),
    ];
    document(("xl/workbook.xml", &main), &related, &others)
}

fn done(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The outline without its first line.
fn lines(name: &str, bytes: &[u8]) -> Vec<String> {
    outline(&done(name, bytes)).lines().skip(1).map(str::to_owned).collect()
}

/// The one fault of a file: its code and what it says.
pub(crate) fn refused(name: &str, bytes: &[u8]) -> (String, String) {
    let faults: Faults = match read(name, bytes, &Limits::default()) {
        Err(faults) => faults,
        Ok(document) => panic!("{name} was read:\n{}", outline(&document)),
    };
    assert_eq!(faults.len(), 1, "{faults}");
    let fault = faults.iter().next().unwrap();
    (fault.code.to_owned(), fault.to_string())
}

fn cell(text: &str, properties: &str) -> String {
    format!(
        "<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody>{properties}</a:tc>"
    )
}

/// A table of two columns of 100 and 50, rows of 40 high, at 10,20.
fn grid(rows: &[[String; 2]]) -> String {
    let rows: String = rows.iter().map(|cells| format!("<a:tr h='40'>{}</a:tr>", cells.concat())).collect();
    let height = 40 * rows.matches("<a:tr ").count();
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr/><p:xfrm><a:off x='10' y='20'/><a:ext cx='150' cy='{height}'/></p:xfrm>\
         <a:graphic><a:graphicData uri='table'><a:tbl><a:tblPr firstRow='1'/><a:tblGrid><a:gridCol w='100'/>\
         <a:gridCol w='50'/></a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
}

fn shape(x: i32, y: i32, size: i32, look: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id='1' name='x'/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x='{x}' y='{y}'/>\
         <a:ext cx='{size}' cy='{size}'/></a:xfrm>{look}</p:spPr>\
         <p:style><a:lnRef idx='2'><a:schemeClr val='accent6'/></a:lnRef><a:fillRef idx='1'><a:srgbClr val='FF0000'/>\
         </a:fillRef></p:style><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

const ROUND: &str = "<a:prstGeom prst='ellipse'/>";

fn solid(colour: &str) -> String {
    format!("{ROUND}<a:solidFill>{colour}</a:solidFill>")
}

#[test]
fn fills_of_cells_are_found_through_the_theme() {
    let fill = |colour: &str| {
        format!(
            "<a:tcPr><a:lnL><a:solidFill><a:srgbClr val='FF0000'/></a:solidFill></a:lnL><a:solidFill>{colour}</a:solidFill></a:tcPr>"
        )
    };
    let row = |name: &str, properties: &str| [cell(name, ""), cell("", properties)];
    let bytes = slide(&grid(&[
        row("eget namn", &fill("<a:schemeClr val='accent4'/>")),
        // The master calls accent 4 so.
        row("mästarens namn", &fill("<a:schemeClr val='accent6'/>")),
        row(
            "ljusare",
            &fill("<a:schemeClr val='accent4'><a:lumMod val='60000'/><a:lumOff val='40000'/></a:schemeClr>"),
        ),
        row(
            "blekt",
            &fill("<a:schemeClr val='accent4'><a:lumMod val='20%'/><a:lumOff val='80%'/></a:schemeClr>"),
        ),
        row("orange", &fill("<a:srgbClr val='ED7D31'/>")),
        row("genomskinligt", &fill("<a:srgbClr val='FF0000'><a:alpha val='20000'/></a:srgbClr>")),
        row("okänd ändring", &fill("<a:srgbClr val='FF0000'><a:hueOff val='20000'/></a:srgbClr>")),
        row("okänt namn", &fill("<a:schemeClr val='phClr'/>")),
        row(
            "bara linjen",
            "<a:tcPr><a:lnL><a:solidFill><a:srgbClr val='FF0000'/></a:solidFill></a:lnL></a:tcPr>",
        ),
        row("ordet", &fill("<a:prstClr val='green'/>")),
    ]));
    let found = [
        "eget namn | [gul]",
        "mästarens namn | [gul]",
        "ljusare | [gul]",
        "blekt | ",
        "orange | ",
        "genomskinligt | ",
        "okänd ändring | ",
        "okänt namn | ",
        "bara linjen | ",
        "ordet | [gron]",
    ];
    let lines = lines("x.pptx", &bytes);
    for (number, (line, wanted)) in lines[1..].iter().zip(found).enumerate() {
        let head = if number == 0 { "=" } else { "" };
        assert_eq!(line, &format!("  {}{head}: {wanted}", number + 1));
    }
}

#[test]
fn shapes_over_cells_give_them_their_colours() {
    let rows = ["Punkt", "A", "B", "C"].map(|text| [cell(text, ""), cell("", "")]);
    let red = solid("<a:srgbClr val='FF0000'/>");
    let green = solid("<a:srgbClr val='00B050'/>");
    let tree = [
        grid(&rows),
        shape(120, 65, 20, &green, ""),
        // In a group that makes everything half as large and moves it: to 125,105.
        format!(
            "<p:grpSp><p:grpSpPr><a:xfrm><a:off x='100' y='100'/><a:ext cx='50' cy='50'/><a:chOff x='0' y='0'/>\
             <a:chExt cx='100' cy='100'/></a:xfrm></p:grpSpPr>{}</p:grpSp>",
            shape(50, 10, 20, &red, "R")
        ),
        // As drawn, with nothing said: what the style says.
        shape(130, 110, 10, ROUND, ""),
        shape(120, 145, 20, &format!("{ROUND}<a:noFill/>"), ""),
        shape(120, 145, 20, &format!("{ROUND}<a:gradFill/>"), ""),
        shape(
            120,
            145,
            20,
            "<a:prstGeom prst='line'/><a:solidFill><a:srgbClr val='FF0000'/></a:solidFill>",
            "",
        ),
        shape(120, 145, 20, &red, "Två ord"),
        shape(100, 130, 60, &red, ""),
        shape(300, 145, 20, &red, ""),
    ];
    assert_eq!(
        lines("x.pptx", &slide(&tree.concat())),
        [
            "1. -",
            "  1=: Punkt | ",
            "  2: A | (gron)",
            "  3: B | (rodR) (rod)",
            "  4: C | ",
            "  text: Två ord",
            "warning 1: coloured shapes larger than a cell lie over a table; their colours were left out",
        ]
    );
}

#[test]
fn slides_come_in_order_and_only_what_is_shown() {
    let place = |kind: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id='1'/><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr><p:spPr/>\
             <p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let tree = [
        place("title", "Plan &amp; läge"),
        place("sldNum", "1"),
        place("ftr", "Region Exempel"),
        "<p:sp><p:nvSpPr><p:cNvPr hidden='1'/></p:nvSpPr><p:txBody><a:p><a:r><a:t>gömt</a:t></a:r></a:p></p:txBody></p:sp>".into(),
        "<mc:AlternateContent><mc:Choice>".into(),
        place("body", "rad ett</a:t></a:r><a:br><a:rPr/></a:br><a:r><a:t>rad&#160;två"),
        "</mc:Choice><mc:Fallback>".into(),
        place("body", "en gång till"),
        "</mc:Fallback></mc:AlternateContent>".into(),
        "<p:graphicFrame><a:graphic><a:graphicData uri='chart'><c:chart/></a:graphicData></a:graphic></p:graphicFrame>".into(),
    ];
    let bytes = slides(&[("", &tree.concat()), ("show='0'", ""), ("show='1'", "")]);
    assert_eq!(
        lines("x.pptx", &bytes),
        [
            "1. Plan & läge",
            "  text: rad ett\\nrad två",
            "3. -",
            "warning 1: a chart, a diagram or an embedded object was left out",
            "warning: hidden slides were left out: 2",
        ]
    );
}

#[test]
fn merged_cells_of_a_slide_lead_to_the_first() {
    let plain =
        |attributes: &str, text: &str| cell(text, "").replacen("<a:tc>", &format!("<a:tc {attributes}>"), 1);
    let rows = [
        [plain("gridSpan='2' rowSpan='2'", "hela"), plain("hMerge='1' rowSpan='2'", "kvar sedan förr")],
        [plain("gridSpan='2' vMerge='1'", ""), plain("hMerge='1' vMerge='1'", "")],
    ];
    let read = done("x.pptx", &slide(&grid(&rows)));
    let Block::Table(table) = &read.pages[0].blocks[0] else { panic!("no table") };
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(table.origin(row, column), (0, 0));
        assert_eq!(table.cell(row, column).unwrap().text(), "hela");
    }
    assert_eq!(table.cell(2, 0), None);
    assert_eq!(table.cell(0, 2), None);
}

#[test]
fn texts_have_pages_at_headings_and_changes_accepted() {
    let body = "<w:p><w:pPr><w:pStyle w:val='Egen'/></w:pPr><w:r><w:t>Läge</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space='preserve'>ett </w:t><w:tab/><w:t>två</w:t><w:br/><w:t>tre</w:t><w:br w:type='page'/></w:r>\
        <w:ins><w:r><w:t> nytt</w:t></w:r></w:ins><w:del><w:r><w:delText>gammalt</w:delText><w:t>x</w:t></w:r></w:del>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>gömt</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>\
        <w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:sym w:font='Symbol' w:char='F0FE'/></w:r></w:p>\
        <w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val='Punkt'/></w:pPr>\
        <w:r><w:t>punkt</w:t></w:r></w:p></w:sdtContent></w:sdt>\
        <w:p><w:pPr><w:pStyle w:val='Punkt'/><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr><w:r><w:t>ej punkt</w:t></w:r></w:p>\
        <w:p><w:pPr><w:pStyle w:val='A'/></w:pPr><w:r><w:t>ringen</w:t></w:r></w:p>\
        <w:p><w:pPr><w:outlineLvl w:val='2'/></w:pPr><w:r><w:t>Tredje</w:t></w:r></w:p>\
        <w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>ruta</w:t></w:r></w:p>\
        </w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><w:t>ruta</w:t></w:pict></mc:Fallback>\
        </mc:AlternateContent><w:t>efter</w:t></w:r></w:p>";
    assert_eq!(
        lines("x.docx", &text(body)),
        [
            "1. Läge (level 1)",
            "  text: ett \\ttvå\\ntre nytt☑ / >• punkt / ej punkt / ringen",
            "2. Tredje (level 3)",
            "  text: efter",
            "warning 2: a text box was left out",
        ]
    );
}

#[test]
fn tables_of_texts_have_all_their_cells() {
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
    };
    let shade = |kind: &str| format!("<w:shd w:val='{kind}' w:color='FF0000' w:fill='00B050'/>");
    let shape = "<w:tc><w:p><w:r><w:drawing><wp:inline><a:graphic><wps:wsp><wps:spPr><a:prstGeom prst='ellipse'/>\
        <a:solidFill><a:schemeClr val='accent6'/></a:solidFill></wps:spPr></wps:wsp></a:graphic></wp:inline></w:drawing>\
        </w:r></w:p></w:tc>";
    let rows = [
        format!(
            "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr>",
            cell("<w:gridSpan w:val='2'/>", "bred"),
            cell(&shade("clear"), "g")
        ),
        format!(
            "<w:tr>{}{}{}</w:tr>",
            cell("<w:vMerge w:val='restart'/>", "hög"),
            cell(&shade("solid"), "r"),
            cell(&shade("pct25"), "?")
        ),
        format!(
            "<w:tr>{}{}{shape}</w:tr>",
            cell("<w:vMerge/>", "syns ej"),
            cell("<w:shd w:val='clear' w:fill='auto'/>", "")
        ),
        format!(
            "<w:sdt><w:sdtContent><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{}{}</w:tr></w:sdtContent></w:sdt>",
            cell("", "b"),
            cell("", "c")
        ),
        format!("<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>", cell("", "borttagen")),
        format!(
            "<w:tr><w:tc><w:tbl><w:tr>{}</w:tr></w:tbl><w:p/></w:tc><w:tc><w:p><w:r><w:rPr><w:color w:val='00B050'/></w:rPr>\
             <w:t>⬤</w:t></w:r></w:p></w:tc></w:tr>",
            cell(&shade("clear"), "inre")
        ),
    ];
    assert_eq!(
        lines("x.docx", &text(&format!("<w:tbl><w:tblPr/>{}</w:tbl>", rows.concat()))),
        [
            "1. -",
            "  1=: bred | < | g [gron]",
            "  2: hög | r [rod] | ?",
            "  3: ^ |  | (gron)",
            "  4:  | b | c",
            "  5: inre (gron) | ⬤ (gron⬤)",
            "warning 1: a table inside a table's cell was read as that cell's text",
        ]
    );
}

#[test]
fn sheets_have_what_is_under_their_headings() {
    let content = "<x:sheetData>\
        <x:row r='2'><x:c r='B2' t='inlineStr'><x:is><x:t>Punkt</x:t></x:is></x:c><x:c r='C2' t='s'><x:v>0</x:v></x:c></x:row>\
        <x:row r='3'><x:c r='B3' t='s'><x:v>1</x:v></x:c><x:c r='C3' s='1'/><x:c r='XFD3' s='1'/></x:row>\
        <x:row r='4'><x:c r='C4' s='1'/></x:row>\
        <x:row><x:c><x:v>1E3</x:v></x:c><x:c s='2' t='str'><x:v>a_x000D_&#10;b</x:v></x:c><x:c s='3'/></x:row>\
        <x:row r='9'><x:c r='B9' s='5'><x:v>45688</x:v></x:c><x:c r='C9' s='3' t='b'><x:v>1</x:v></x:c></x:row>\
        <x:row r='10'><x:c r='B10' t='e'><x:v>#N/A</x:v></x:c><x:c r='C10' s='4'/></x:row>\
        </x:sheetData><x:mergeCells><x:mergeCell ref='B9:B12'/><x:mergeCell ref='D2:Z2'/><x:mergeCell ref='fel'/></x:mergeCells>";
    assert_eq!(
        lines("x.xlsx", &sheet(content)),
        [
            "1. Plan",
            "  2:  | Punkt | Status",
            "  3:  | delad | [rod]",
            "  5: 1000 | a / b | [gron]",
            "  9:  | 2025-01-31 | SANT [gron]",
            "  10:  | ^ | ",
        ]
    );
}

#[test]
fn only_sheets_that_are_shown_are_read() {
    let sheets = "<x:sheet name='A' state='veryHidden' r:id='s'/><x:sheet name='B' r:id='c'/><x:sheet name='C' r:id='s'/>";
    assert_eq!(
        lines("x.xlsx", &workbook(sheets, "<x:sheetData/>")),
        [
            "3. C",
            "warning 1: the sheet is hidden and was left out",
            "warning 2: the sheet is a chart and was left out",
        ]
    );
}

#[test]
fn lists_and_plain_texts_read_too() {
    let list = b"\xEF\xBB\xBFsep=,\r\nPunkt,Status\r\n\"Svar, \"\"snabba\"\"\r\ntill alla\",\xF0\x9F\x9F\xA2\r\n,\r\nAI,R\xC3\xB6d\r\n";
    let wanted =
        ["1. -", "  2: Punkt | Status", "  3: Svar, \"snabba\" / till alla | 🟢 (gron🟢)", "  6: AI | Röd"];
    assert_eq!(lines("x.csv", list), wanted);
    let utf16: Vec<u8> = "\u{feff}Punkt\tLäge\nAI\tpågår".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(lines("x.tsv", &utf16), ["1. -", "  1: Punkt | Läge", "  2: AI | pågår"]);
    let text = "Plan\r\n- ett\n    • två\n\nslut\n---\n\nsida två\u{c}sida tre - här\n-\n";
    let wanted = [
        "1. -",
        "  text: Plan / • ett / >• två",
        "  text: slut",
        "2. -",
        "  text: sida två",
        "3. -",
        "  text: sida tre - här / -",
    ];
    assert_eq!(lines("x.txt", text.as_bytes()), wanted);
}
