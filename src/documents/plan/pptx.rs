//! The presentation: its slides, and the parts that every presentation has (ECMA-376, part 1, 19).

use super::super::markup::Markup;
use super::super::package::{DocumentError, OFFICE, Package, Relations, XML};
use super::Sheet;
use super::slides::{DRAWING, PRESENTATION, slides};

/// Parts that are the same in every presentation.
const THEME: &str = include_str!("parts/theme.xml");
const MASTER: &str = include_str!("parts/master.xml");
const LAYOUT: &str = include_str!("parts/layout.xml");

/// The lägesbild as a .pptx, wide as screens are. Equal values give equal bytes.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn pptx(sheet: Sheet<'_>) -> Result<Vec<u8>, DocumentError> {
    let slides = slides(sheet);
    let mut package = Package::default();
    let mut relations = Relations::default();
    relations.add("rId1", "slideMaster", "slideMasters/slideMaster1.xml");
    for number in 1..=slides.len() {
        relations.add(&format!("rIdBild{number}"), "slide", &format!("slides/slide{number}.xml"));
    }
    relations.add("rIdTema", "theme", "theme/theme1.xml");
    package.part("ppt/presentation.xml", "presentationml.presentation.main+xml", presentation(slides.len()));
    package.relations("ppt/presentation.xml", &relations);
    package.part("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster+xml", MASTER);
    let mut master = Relations::default();
    master.add("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml");
    master.add("rId2", "theme", "../theme/theme1.xml");
    package.relations("ppt/slideMasters/slideMaster1.xml", &master);
    package.part("ppt/slideLayouts/slideLayout1.xml", "presentationml.slideLayout+xml", LAYOUT);
    let mut layout = Relations::default();
    layout.add("rId1", "slideMaster", "../slideMasters/slideMaster1.xml");
    package.relations("ppt/slideLayouts/slideLayout1.xml", &layout);
    package.part("ppt/theme/theme1.xml", "theme+xml", THEME);
    for (slide, number) in slides.into_iter().zip(1..) {
        let name = format!("ppt/slides/slide{number}.xml");
        package.part(&name, "presentationml.slide+xml", slide);
        let mut own = Relations::default();
        own.add("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml");
        package.relations(&name, &own);
    }
    let title = sheet.title();
    package.pack("ppt/presentation.xml", &sheet.about(&title), &sheet.properties())
}

fn presentation(slides: usize) -> String {
    let mut markup = Markup::default();
    markup.raw(XML).raw(&format!(
        "<p:presentation xmlns:a=\"{DRAWING}\" xmlns:r=\"{OFFICE}\" xmlns:p=\"{PRESENTATION}\" saveSubsetFonts=\"1\">"
    ));
    markup.raw(
        "<p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:sldIdLst>",
    );
    for number in 1..=slides {
        markup.raw(&format!("<p:sldId id=\"{}\" r:id=\"rIdBild{number}\"/>", 255 + number));
    }
    markup.raw(
        "</p:sldIdLst><p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/>",
    );
    markup.raw("<p:defaultTextStyle><a:defPPr><a:defRPr lang=\"sv-SE\"/></a:defPPr></p:defaultTextStyle>");
    markup.raw("</p:presentation>");
    markup.into_string()
}

#[cfg(test)]
mod tests {
    use super::super::fill;
    use super::*;
    use crate::items::Health;

    #[test]
    fn the_theme_has_the_colours_of_the_cells() {
        for health in Health::ALL {
            assert!(fill(*health).is_none_or(|hex| THEME.contains(hex)), "{health:?}");
        }
    }
}
