//! What the pages say.

use jiff::civil::Date;

use crate::calendar::iso_week;
use crate::calendar::swedish::{clock, long_week, long_year, long_year_week, month, range, range_year};
use crate::workflow::model::{EntryKind, Span, Status};

/// The sentences of templates, by the name that templates have for them. What holds a value is a function.
pub const WORDS: &[(&str, &str)] = &[
    ("site", "Årshjulet"),
    ("skip", "Hoppa till innehållet"),
    ("menu", "Huvudmeny"),
    ("menu_home", "Lägesbild"),
    ("menu_year", "Året"),
    ("menu_subscribe", "Kalender"),
    ("footer", "Årshjulet påminner om rätt sak i rätt tid, så att ingen behöver hålla allt i huvudet."),
    ("footer_open", "Sidan är öppen för alla. Här visas inga personer och inga texter ur handlingsplanerna."),
    ("footer_private", "Sidan är din egen. Skicka inte länken vidare."),
    // Lägesbild
    (
        "home_lead",
        "Året för kunskapsstyrningen på ett ställe: vad som händer härnäst och hur det går med det vi har bestämt oss för.",
    ),
    (
        "home_how",
        "Den som behöver göra något får ett mejl i rätt tid och svarar med en knapptryckning. Den som har svarat får inga fler påminnelser.",
    ),
    ("home_subscribe", "Lägg årshjulet i din kalender"),
    ("home_year", "Se hela året"),
    ("home_ongoing", "Pågår nu"),
    ("home_coming", "De närmaste 60 dagarna"),
    ("home_nothing", "Ingenting är inlagt de närmaste 60 dagarna."),
    ("home_plan", "Läget i handlingsplanerna"),
    (
        "home_plan_lead",
        "Så går det med punkterna i varje grupps handlingsplan, enligt det som senast är rapporterat.",
    ),
    ("home_no_plan", "Ingen handlingsplan är inlagd än."),
    ("home_health", "Hur det går"),
    ("home_phase", "Hur långt det har kommit"),
    ("home_legend_green", "enligt plan"),
    ("home_legend_yellow", "mindre problem"),
    ("home_legend_red", "allvarliga problem"),
    ("home_legend_unknown", "ingen har rapporterat"),
    ("home_legend", "Vad tecknen betyder"),
    // Kalender
    ("subscribe_title", "Lägg årshjulet i din kalender"),
    (
        "subscribe_lead",
        "Prenumerera på din grupp eller på ett tema. Då följer din kalender med när ett datum ändras, och du behöver aldrig skriva av något.",
    ),
    ("subscribe_choose", "Välj kalender"),
    ("subscribe_delay_title", "Ändringar kan dröja upp till ett dygn"),
    (
        "subscribe_delay",
        "Outlook och Google hämtar kalendrar när de själva vill, ibland bara en gång om dagen. Det går inte att skynda på. Om ett möte flyttas eller ställs in mejlar årshjulet dem som redan har fått en kallelse eller en fråga om det.",
    ),
    ("subscribe_unreachable_title", "Adresserna är inte nåbara från internet"),
    (
        "subscribe_unreachable",
        "Den här installationen har ingen adress som börjar med https. Outlook på webben och Google hämtar kalendern från internet och kommer därför inte åt den. Klassiska Outlook och Apples Kalender på den här datorn fungerar.",
    ),
    ("subscribe_how", "Så gör du"),
    (
        "subscribe_how_lead",
        "Tryck på den kalender du vill ha, så visar vi hur du gör i ditt program. Eller kopiera adressen direkt.",
    ),
    ("subscribe_feeds", "Kalendrar att välja på"),
    ("subscribe_themes", "Teman"),
    ("subscribe_themes_lead", "Det som gäller alla, samlat efter ämne."),
    ("subscribe_bodies", "Grupper"),
    (
        "subscribe_bodies_lead",
        "En grupps kalender innehåller gruppens egna möten och datum, det som gäller grupperna ovanför och de nationella rundor som gruppen deltar i.",
    ),
    ("subscribe_address", "Adress"),
    ("subscribe_open", "Öppna i kalenderprogram"),
    ("subscribe_google", "Lägg till i Google Kalender"),
    ("subscribe_steps", "Steg för steg och QR-kod"),
    ("subscribe_all", "Alla kalendrar"),
    (
        "subscribe_one_lead",
        "Välj ditt kalenderprogram. Sedan följer kalendern med av sig själv när ett datum ändras.",
    ),
    ("subscribe_qr", "Rikta mobilens kamera hit om kalendern ska finnas i mobilen."),
    ("subscribe_copy", "Tryck i rutan, välj Markera allt (Ctrl+A) och kopiera (Ctrl+C)."),
    ("subscribe_program", "Välj ditt program"),
    ("subscribe_own_title", "En egen kalender"),
    (
        "subscribe_own",
        "I en egen kalender finns alla dina gruppers möten och de dagar då du själv ska svara. Du gör den från länken Allt du har att svara på, längst ned i ett mejl från årshjulet.",
    ),
    // En egen kalender
    ("own_open", "Din kalender: få dina möten och sista svarsdagar i Outlook eller mobilen"),
    ("own_title", "Din kalender"),
    (
        "own_lead",
        "Här gör du en kalender av dina gruppers möten och de dagar då du själv ska svara. Den följer med av sig själv när något ändras.",
    ),
    ("own_made_title", "Adressen visas bara den här gången"),
    (
        "own_made",
        "Lägg in den i ditt kalenderprogram nu. Den som har adressen kan läsa kalendern, så lämna inte ut den. Försvinner den gör du en ny.",
    ),
    ("own_list", "Dina kalendrar"),
    ("own_none", "Du har ingen egen kalender än."),
    ("own_new", "Gör en ny"),
    ("own_name", "Vad ska den heta?"),
    (
        "own_name_hint",
        "Till exempel Outlook jobb eller Mobilen, så vet du vilken det är. Gör en för varje program.",
    ),
    ("own_name_wrong", "Ge kalendern ett namn med högst 60 tecken."),
    ("own_titles", "Bara rubriker och tider"),
    (
        "own_titles_hint",
        "Välj det om Google, Apple eller någon annan utanför organisationen hämtar kalendern. Plats, anmärkningar och vad dina frågor handlar om stannar då här.",
    ),
    ("own_mail", "Mejla mig om kalendern har missat att ett möte är flyttat"),
    ("own_mail_hint", "Mejlet kommer ett dygn före mötet, bara om kalendern inte har hämtat ändringen."),
    ("own_make", "Gör kalendern"),
    ("own_remove", "Ta bort"),
    ("own_mail_off", "Sluta mejla om missade ändringar"),
    ("own_mail_on", "Mejla mig om missade ändringar"),
    ("own_mailed", "Du får ett mejl om den har missat att ett möte är flyttat."),
    ("own_unmailed", "Du får inget mejl om den missar en ändring."),
    ("own_titled", "Visar bara rubriker och tider."),
    ("own_saved", "Det är sparat."),
    (
        "own_twice",
        "Kalendern är redan gjord. Adressen visades när du gjorde den. Har du tappat bort den tar du bort kalendern och gör en ny.",
    ),
    ("own_back", "Till allt du har att svara på"),
    // Året
    ("year_lead", "Möten, perioder och sista dagar under året, med veckonummer."),
    ("year_running", "Pågår när året börjar"),
    ("year_nothing", "Ingenting är inlagt det här året."),
    ("year_quarter_nothing", "Ingenting är inlagt."),
    ("year_quarters", "Kvartal"),
    ("year_other", "Andra år"),
    ("year_wheel", "Året som hjul"),
    ("wheel_skip", "Hoppa förbi hjulet till listan"),
    ("wheel_list", "Året som lista"),
    ("wheel_file", "Ladda ner hjulet som bild (SVG)"),
    ("wheel_group", "Grupp"),
    ("wheel_from", "Månad överst"),
    ("wheel_show", "Visa"),
    ("wheel_choose", "Välj vad hjulet visar"),
    (
        "wheel_legend",
        "Rund: möte. Ruta på högkant: sista dag. Båge: period. Streckad: preliminärt, inställt eller utan datum. Grått: helgdagar och tider då inga mejl skickas.",
    ),
    // Fel
    ("missing_title", "Sidan finns inte"),
    ("missing", "Adressen leder ingenstans. Den kan vara felskriven, eller så har sidan flyttat."),
    ("missing_home", "Till lägesbilden"),
    ("broken_title", "Något gick fel hos oss"),
    (
        "broken",
        "Sidan kan inte visas just nu. Inget av det du har sparat har gått förlorat. Försök igen om en stund.",
    ),
];

/// One of [`WORDS`]; empty for a name that isn't there.
#[must_use]
pub fn word(name: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == name).map_or("", |(_, said)| said)
}

/// The heading of the front page.
#[must_use]
pub fn home_title(organisation: &str) -> String {
    if organisation.is_empty() { "Årshjulet".to_owned() } else { format!("Årshjulet i {organisation}") }
}

/// Which day it is.
#[must_use]
pub fn today_is(today: Date) -> String {
    format!("I dag är det {}.", long_year_week(today))
}

/// That newer files are not in force.
#[must_use]
pub fn faults(count: usize) -> (&'static str, String) {
    let what = if count == 1 { "1 fel".to_owned() } else { format!("{count} fel") };
    (
        "En ny version av filerna har fel och används inte",
        format!("Den senaste felfria versionen gäller tills felen är rättade. Det är {what} att rätta."),
    )
}

/// What kind of occasion it is.
#[must_use]
pub fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Meeting => "Möte",
        EntryKind::Period => "Period",
        EntryKind::Deadline => "Sista dag",
    }
}

/// What isn't certain about an occasion; none for what is.
#[must_use]
pub fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::Tentative => Some("Preliminärt datum"),
        Status::Cancelled => Some("Inställt"),
        Status::Confirmed => None,
    }
}

/// An occasion whose workflow file is gone.
pub const ORPHANED: &str = "Filen som det stod i är borttagen";

/// The ring of last days.
pub const WHEEL_DEADLINES: &str = "Sista dagar";

/// No group is chosen.
pub const WHEEL_ALL: &str = "Alla gemensamma";

/// What has a quarter and no day.
#[must_use]
pub fn wheel_undated(title: &str, range: &str) -> String {
    format!("{title}: inget datum än, {range}")
}

/// When something is, with its weeks: "torsdag 10 april (v. 15)", "15–16 oktober (v. 42)".
#[must_use]
pub fn when(span: Span) -> String {
    let (first, last) = (span.first(), span.last());
    let days = if first == last {
        long_week(first)
    } else if first.year() == last.year() {
        format!("{} {}", range(first, last), weeks(first, last))
    } else {
        format!("{} {}", range_year(first, last), weeks(first, last))
    };
    match span {
        Span::Timed { start, end } if first == last => {
            format!("{days}, {}–{:02}.{:02}", clock(start.time()), end.hour(), end.minute())
        }
        Span::Timed { .. } | Span::AllDay { .. } => days,
    }
}

/// `(v. 42)` or `(v. 16–24)`.
fn weeks(first: Date, last: Date) -> String {
    let (from, to) = (iso_week(first).1, iso_week(last).1);
    if iso_week(first) == iso_week(last) { format!("(v. {from})") } else { format!("(v. {from}–{to})") }
}

/// How long a period that is open stays open.
#[must_use]
pub fn open_until(last: Date, today: Date) -> String {
    let left = (last - today).get_days();
    let left = match left {
        0 => "i dag är sista dagen".to_owned(),
        1 => "i morgon är sista dagen".to_owned(),
        n => format!("{n} dagar kvar"),
    };
    format!("Till och med {}, {left}", long_week(last))
}

/// `Februari`: a heading of its own.
#[must_use]
pub fn month_heading(day: Date) -> String {
    let name = month(day);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The short name of a month in a block of a calendar leaf.
#[must_use]
pub fn month_short(day: Date) -> String {
    month(day).chars().take(3).collect()
}

/// The heading of a quarter.
#[must_use]
pub fn quarter(quarter: i8) -> String {
    format!("Kvartal {quarter}")
}

/// The heading of a year.
#[must_use]
pub fn year_title(year: i16) -> String {
    format!("Året {year}")
}

/// `12 punkter`.
#[must_use]
pub fn items(count: usize) -> String {
    if count == 1 { "1 punkt".to_owned() } else { format!("{count} punkter") }
}

/// When a body's plan was last reported on.
#[must_use]
pub fn reported(day: Date) -> String {
    format!("Senast rapporterat {}", long_year(day))
}

/// A feed's address, to a screen reader that lists fields without their headings.
#[must_use]
pub fn feed_address(title: &str) -> String {
    format!("till kalendern {title}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn when_says_days_weeks_and_hours() {
        let days = |first, last| when(Span::AllDay { first, last });
        assert_eq!(days(date(2025, 4, 10), date(2025, 4, 10)), "torsdag 10 april (v. 15)");
        assert_eq!(days(date(2025, 10, 15), date(2025, 10, 16)), "15–16 oktober (v. 42)");
        assert_eq!(days(date(2025, 4, 15), date(2025, 6, 13)), "15 april–13 juni (v. 16–24)");
        assert_eq!(
            days(date(2025, 11, 17), date(2026, 2, 13)),
            "17 november 2025–13 februari 2026 (v. 47–7)"
        );
        let start = date(2025, 4, 10).at(9, 0, 0, 0);
        let timed = when(Span::Timed { start, end: date(2025, 4, 10).at(14, 45, 0, 0) });
        assert_eq!(timed, "torsdag 10 april (v. 15), kl. 09.00–14.45");
    }

    #[test]
    fn the_end_of_a_period_is_counted_down() {
        let last = date(2025, 6, 13);
        assert_eq!(open_until(last, date(2025, 6, 1)), "Till och med fredag 13 juni (v. 24), 12 dagar kvar");
        assert!(open_until(last, date(2025, 6, 12)).ends_with("i morgon är sista dagen"));
        assert!(open_until(last, last).ends_with("i dag är sista dagen"));
    }

    #[test]
    fn a_word_has_one_name() {
        let names: std::collections::BTreeSet<_> = WORDS.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), WORDS.len());
    }
}
