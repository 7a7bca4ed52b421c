//! The columns of a plan, by what stands over them: the template's, and those of older and other plans.

use crate::items::register::Source;

use super::lines::fold;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Column {
    Focus,
    Area,
    Promise,
    Activities,
    Schedule,
    FollowUp,
    Status,
    Owner,
    Part,
    Phase,
    Health,
    StatusText,
    Id,
    Log,
    Deadline,
    Waits,
    Links,
    Source,
    Rest,
    Number,
}

/// Of a heading without anything but letters: how it begins, and what stands under it. The longer first.
const HEADS: &[(&str, Column)] = &[
    ("nationelltinsatsområde", Column::Focus),
    ("nationellainsatsområde", Column::Focus),
    ("insatsområde", Column::Focus),
    ("uppdragfrån", Column::Focus),
    ("prioriteratområde", Column::Area),
    ("prioriteradeområde", Column::Area),
    ("prioriteradområde", Column::Area),
    ("prioriterat", Column::Area),
    ("områdeochpatientlöfte", Column::Area),
    ("patientlöfte", Column::Promise),
    ("löfte", Column::Promise),
    ("aktivitet", Column::Activities),
    ("åtgärd", Column::Activities),
    ("planeradeaktivitet", Column::Activities),
    ("tidplan", Column::Schedule),
    ("tidsplan", Column::Schedule),
    ("tidpunkt", Column::Schedule),
    ("uppföljning", Column::FollowUp),
    ("indikator", Column::FollowUp),
    ("statustext", Column::StatusText),
    ("statuskommentar", Column::StatusText),
    ("kommentartillstatus", Column::StatusText),
    ("status", Column::Status),
    ("lägesrapport", Column::Status),
];

/// Headings that must be nothing more than this.
const EXACT: &[(&str, Column)] = &[
    ("område", Column::Area),
    ("punkt", Column::Area),
    ("mål", Column::Area),
    ("planpunkt", Column::Area),
    ("insats", Column::Area),
    ("insatser", Column::Activities),
    ("genomförande", Column::Activities),
    ("när", Column::Schedule),
    ("klart", Column::Deadline),
    ("klartsenast", Column::Deadline),
    ("deadline", Column::Deadline),
    ("slutdatum", Column::Deadline),
    ("återrapport", Column::FollowUp),
    ("resultat", Column::FollowUp),
    ("läge", Column::Status),
    ("ägare", Column::Owner),
    ("ansvarig", Column::Owner),
    ("ansvariga", Column::Owner),
    ("ansvar", Column::Owner),
    ("vem", Column::Owner),
    ("delområde", Column::Part),
    ("del", Column::Part),
    ("fas", Column::Phase),
    ("hälsa", Column::Health),
    ("färg", Column::Health),
    ("id", Column::Id),
    ("logg", Column::Log),
    ("väntarpå", Column::Waits),
    ("länkar", Column::Links),
    ("länk", Column::Links),
    ("källa", Column::Source),
    ("övrigt", Column::Rest),
    ("kommentar", Column::Rest),
    ("kommentarer", Column::Rest),
    ("nr", Column::Number),
];

/// What stands under a heading, however it is broken over lines and whatever follows it: "Aktiviteter RPO MD".
pub(super) fn column(heading: &str) -> Option<Column> {
    // Words that begin alike and go on are an activity, a promise, a status.
    if heading.chars().count() > 60
        || heading.trim_end_matches(':').contains([':', '”', '"', '?'])
        || heading.ends_with('.')
    {
        return None;
    }
    let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "-–/,.:()&+*".contains(c);
    if !heading.chars().all(plain) {
        return None;
    }
    let letters: String = fold(heading).chars().filter(|c| c.is_alphabetic()).collect();
    let digits = heading.contains(|c: char| c.is_ascii_digit());
    let exact = EXACT.iter().find(|(name, _)| *name == letters && !digits);
    let begins = || HEADS.iter().find(|(name, _)| letters.starts_with(name));
    exact.or_else(begins).map(|(_, column)| *column)
}

/// The columns of a row of headings; none if it isn't one. What stands over a column that is not known is kept.
pub(super) fn heading(cells: &[String]) -> Option<Vec<Option<Column>>> {
    let columns: Vec<Option<Column>> = cells.iter().map(|cell| column(cell)).collect();
    let has = |wanted: &[Column]| columns.iter().flatten().any(|c| wanted.contains(c));
    let known = columns.iter().flatten().count();
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    let named = has(&[Column::Area, Column::Focus, Column::Promise]);
    let told = has(&[Column::Activities, Column::FollowUp, Column::Status, Column::Phase, Column::Schedule]);
    let long = cells.iter().any(|cell| cell.chars().count() > 120);
    (named && told && known >= 2 && (known >= 3 || known * 2 >= cells.len()) && known * 2 >= filled && !long)
        .then_some(columns)
}

/// Where the rows below a heading in the first column come from.
pub(super) fn source(heading: &str) -> Option<Source> {
    let letters: String = fold(heading).chars().filter(|c| c.is_alphabetic()).collect();
    if letters.contains("uppdragfrån") {
        let council = letters.contains("kunskapsråd") || letters.contains("frånkr");
        return Some(if council { Source::Council } else { Source::Rsl });
    }
    letters.contains("nationell").then_some(Source::National)
}

/// Words of headings, as they stand where a deck's columns have become lines.
const WORDS: &[&str] = &[
    "nationellt",
    "nationella",
    "insatsområde",
    "insatsområden",
    "prioriterat",
    "prioriterade",
    "område",
    "områden",
    "och",
    "patientlöfte",
    "patientlöften",
    "patientlöftet",
    "aktivitet",
    "aktiviteter",
    "åtgärder",
    "uppföljning",
    "status",
    "tidplan",
    "tidsplan",
    "uppdrag",
    "från",
    "till",
    "kunskapsråd",
    "kunskapsrådet",
    "kunskapsråden",
    "ansvarig",
    "ägare",
    "indikatorer",
    "indikator",
    "kommentar",
];

/// Columns that a heading in a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Flat {
    pub source: Option<Source>,
    pub focus: bool,
    /// It has a column for when.
    pub schedule: bool,
    /// How many lines it takes.
    pub lines: usize,
}

fn is_word(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let acronym = (2..=4).contains(&bare.chars().count()) && bare.chars().all(char::is_uppercase);
    bare.is_empty() || acronym || WORDS.contains(&fold(bare).as_str())
}

/// The heading that begins with the first of `lines`, if one does.
pub(super) fn flat<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Flat> {
    let mut words = String::new();
    let mut taken = 0;
    for line in lines.take(20) {
        let of_heading = line.chars().count() <= 100 && line.split(' ').all(is_word);
        let has_word = line.split(' ').any(|w| WORDS.contains(&fold(w).as_str()));
        if !of_heading || !(has_word || taken > 0) {
            break;
        }
        words.push_str(&fold(line));
        words.push(' ');
        taken += 1;
        let last = fold(line);
        if ["status", "kommentar"].iter().any(|w| last.trim_end().ends_with(w)) {
            break;
        }
    }
    let has = |word: &str| words.contains(word);
    let told = [
        has("aktivitet") || has("åtgärder"),
        has("uppföljning"),
        has("status"),
        has("tidplan") || has("tidsplan"),
    ];
    let named = has("område") || has("uppdrag från") || has("patientlöfte");
    let is = named && told.iter().filter(|t| **t).count() >= 2;
    is.then(|| Flat {
        source: source(&words),
        focus: has("nationel") || has("uppdrag från"),
        schedule: has("tidplan") || has("tidsplan"),
        lines: taken,
    })
}

/// Headings of pages beside the plan.
const PAGES: &[&str] = &[
    "resultat",
    "utmaningar",
    "instruktion",
    "instruktioner",
    "bilaga",
    "bilagor",
    "sammanfattning",
    "bakgrund",
    "inledning",
    "framgångsfaktorer",
    "hinder",
    "läsanvisning",
    "kontakt",
    "kontaktuppgifter",
    "patientlöften",
    "patientlöftenomgodvård",
    "årshjul",
    "lägesbild",
    "resultatochutmaningar",
];

/// Whether a line is the heading of a page beside the plan: "Utmaningar 2023".
pub(super) fn is_page(text: &str) -> bool {
    if text.chars().count() > 40 || !super::lines::begins_anew(text) {
        return false;
    }
    let letters: String = fold(text).chars().filter(|c| c.is_alphabetic()).collect();
    PAGES.contains(&letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_however_they_are_broken() {
        for (heading, wanted) in [
            ("Nationellt \ninsatsområde", Column::Focus),
            ("Uppdrag från RSL\ntill RPO MD", Column::Focus),
            ("PRIORITERAT OMRÅDE och patientlöften", Column::Area),
            ("Aktiviteter RPO MD", Column::Activities),
            ("Tids-\nplan", Column::Schedule),
            ("Uppföljning/mått", Column::FollowUp),
            ("Status", Column::Status),
            ("Patientlöfte", Column::Promise),
        ] {
            assert_eq!(column(heading), Some(wanted), "{heading}");
        }
        assert_eq!(column("Kostnad"), None);
    }

    #[test]
    fn a_heading_in_a_text_ends_with_its_last_column() {
        let text = [
            "Nationellt",
            "insatsområde NPO",
            "Prioriterat område",
            "Aktiviteter Uppföljning Status",
            "Uppdrag till RAG",
        ];
        let flat = flat(text.into_iter()).unwrap();
        assert_eq!((flat.lines, flat.source), (4, Some(Source::National)));
        assert_eq!(super::flat(["Uppföljning av status", "Klart"].into_iter()), None);
    }
}
