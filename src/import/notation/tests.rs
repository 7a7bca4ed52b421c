//! Each notation by what it is read as, and what any text must keep.

use jiff::civil::{Date, Weekday};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::*;

const IN_2025: Basis = Basis { year: Some(2025) };

/// One line for each thing found: what it takes, its days, its precision, who said the year.
fn shown(text: &str, basis: Basis) -> Vec<String> {
    let line = |found: Found| {
        let said = text[found.range].split_whitespace().collect::<Vec<_>>().join(" ");
        match found.what {
            Notation::Stretch(stretch) => {
                let days = match stretch.days() {
                    Some((first, last)) if first == last => first.to_string(),
                    Some((first, last)) => format!("{first}..{last}"),
                    None => "?".to_owned(),
                };
                let year = match stretch.year_from {
                    YearFrom::Stated => "",
                    YearFrom::Basis => " basis",
                    YearFrom::Missing => " missing",
                };
                let lead = match stretch.lead {
                    Lead::None => "",
                    Lead::Under => " under",
                    Lead::Until => " until",
                };
                let open = if stretch.open_end { " open" } else { "" };
                format!("{said} = {days} {}{year}{lead}{open}", stretch.precision().code())
            }
            Notation::Clock(clock) => {
                let end = clock.end.map(|end| format!("-{}", end.strftime("%H:%M"))).unwrap_or_default();
                format!("{said} = {}{end}", clock.start.strftime("%H:%M"))
            }
            Notation::Wrong(wrong) => {
                format!("{said} = {}", if wrong.ambiguous { "ambiguous" } else { "wrong" })
            }
        }
    };
    find(text, basis).into_iter().map(line).collect()
}

#[track_caller]
fn each(basis: Basis, table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(text, basis).join("; "), *expected, "{text}");
    }
}

#[test]
fn days_with_their_year() {
    each(
        Basis::default(),
        &[
            ("2025-02-12", "2025-02-12 = 2025-02-12 day"),
            ("20230405", "20230405 = 2023-04-05 day"),
            ("230405", "230405 = 2023-04-05 day"),
            ("230906Ny ledamot", "230906 = 2023-09-06 day"),
            ("231013Föredrag", "231013 = 2023-10-13 day"),
            ("mötet hölls 230914 i Linköping", "230914 = 2023-09-14 day"),
            ("RPO 22 feb. 2024", "22 feb. 2024 = 2024-02-22 day"),
            ("den 16:e februari 2023", "16:e februari 2023 = 2023-02-16 day"),
            ("19/9 2025", "19/9 2025 = 2025-09-19 day"),
            ("14/2-2026", "14/2-2026 = 2026-02-14 day"),
            ("10/4 -25", "10/4 -25 = 2025-04-10 day"),
            ("12.2.2025", "12.2.2025 = 2025-02-12 day"),
            ("torsdag 16 februari 2023", "torsdag 16 februari 2023 = 2023-02-16 day"),
            ("2025-10-15T13:00", "2025-10-15 = 2025-10-15 day; 13:00 = 13:00"),
        ],
    );
}

#[test]
fn several_days() {
    each(
        Basis::default(),
        &[
            ("2024-10-10/11", "2024-10-10/11 = 2024-10-10..2024-10-11 day"),
            ("2023-10-26/27, utvecklingsdagar", "2023-10-26/27 = 2023-10-26..2023-10-27 day"),
            ("2024-10-31/11-01", "2024-10-31/11-01 = 2024-10-31..2024-11-01 day"),
            ("2025-10-13 - 2025-10-14", "2025-10-13 - 2025-10-14 = 2025-10-13..2025-10-14 day"),
            ("2025-10-13-14", "2025-10-13-14 = 2025-10-13..2025-10-14 day"),
            ("16–17 februari 2023", "16–17 februari 2023 = 2023-02-16..2023-02-17 day"),
            ("16 februari–2 mars 2023", "16 februari–2 mars 2023 = 2023-02-16..2023-03-02 day"),
            ("30 december–2 januari 2026", "30 december–2 januari 2026 = 2025-12-30..2026-01-02 day"),
            ("15/11 2025 - 14/2 2026", "15/11 2025 - 14/2 2026 = 2025-11-15..2026-02-14 day"),
            ("250210-250212", "250210-250212 = 2025-02-10..2025-02-12 day"),
        ],
    );
    each(
        IN_2025,
        &[
            ("10-15/16 RSL", "10-15/16 = 2025-10-15..2025-10-16 day basis"),
            ("15-16/10", "15-16/10 = 2025-10-15..2025-10-16 day basis"),
            ("15/11-14/2 remisser", "15/11-14/2 = 2025-11-15..2026-02-14 day basis"),
            ("15/2-14/4", "15/2-14/4 = 2025-02-15..2025-04-14 day basis"),
            ("1 och 2 juni", "1 och 2 juni = 2025-06-01..2025-06-02 day basis"),
            ("tors–fre 16–17 februari", "tors–fre 16–17 februari = 2025-02-16..2025-02-17 day basis"),
        ],
    );
}

#[test]
fn a_year_that_nobody_said_is_missing() {
    each(
        Basis::default(),
        &[
            ("mötesanteckningar från RPO 22 feb.", "22 feb. = ? day missing"),
            ("uppdrag ges 6/5.", "6/5 = ? day missing"),
            ("fattat på RSL 15/2", "15/2 = ? day missing"),
            ("10-15/16", "10-15/16 = ? day missing"),
            ("Under Q2 ha", "Under Q2 = ? quarter missing under"),
            ("(april och okt).", "april = ? month missing; okt = ? month missing"),
            ("v. 42", "v. 42 = ? day missing"),
        ],
    );
    each(IN_2025, &[("6/5", "6/5 = 2025-05-06 day basis"), ("22 feb.", "22 feb. = 2025-02-22 day basis")]);
}

#[test]
fn what_is_less_exact_than_a_day() {
    each(
        Basis::default(),
        &[
            ("Avrapportering jan-25", "jan-25 = 2025-01-01..2025-01-31 month"),
            ("Avrapportering jan-\n\n25\n", "jan- 25 = 2025-01-01..2025-01-31 month"),
            ("i januari 2025.", "januari 2025 = 2025-01-01..2025-01-31 month"),
            ("januari-februari 2023", "januari-februari 2023 = 2023-01-01..2023-02-28 month"),
            ("i november", "november = ? month missing"),
            ("planeras till Q1 \n2023.", "Q1 2023 = 2023-01-01..2023-03-31 quarter"),
            ("2025-Q1", "2025-Q1 = 2025-01-01..2025-03-31 quarter"),
            ("kvartal 3 2025", "kvartal 3 2025 = 2025-07-01..2025-09-30 quarter"),
            ("första kvartalet 2025", "första kvartalet 2025 = 2025-01-01..2025-03-31 quarter"),
            ("under våren 2023", "under våren 2023 = 2023-01-01..2023-05-31 season under"),
            ("sedan våren -22", "våren -22 = 2022-01-01..2022-05-31 season"),
            ("hösten 2021", "hösten 2021 = 2021-09-01..2021-11-30 season"),
            (
                "vår 2023 och K2 2025",
                "vår 2023 = 2023-01-01..2023-05-31 season; K2 2025 = 2025-04-01..2025-06-30 quarter",
            ),
            ("vår plan, vitamin K2", ""),
            ("Under sommaren  ges", "Under sommaren = ? season missing under"),
            ("under \n\n2025.", "under 2025 = 2025-01-01..2025-12-31 year under"),
            ("2022 och framåt", "2022 och framåt = 2022-01-01..2022-12-31 year open"),
            ("sedan -22", "-22 = 2022-01-01..2022-12-31 year"),
            ("-22", "-22 = 2022-01-01..2022-12-31 year"),
            ("Verksamhetsplan 2021−2024", "2021−2024 = 2021-01-01..2024-12-31 year"),
            ("v. 42 2025", "v. 42 2025 = 2025-10-13..2025-10-17 day"),
            ("vecka 1 2025", "vecka 1 2025 = 2024-12-30..2025-01-03 day"),
            ("v. 28–31 2025", "v. 28–31 2025 = 2025-07-07..2025-08-01 day"),
        ],
    );
}

#[test]
fn when_it_is_due() {
    let due = |text: &str| match &find(text, Basis::default())[0].what {
        Notation::Stretch(stretch) => stretch.deadline().map(|d| d.to_string()),
        other => panic!("{text}: {other:?}"),
    };
    for (text, day) in [
        ("jan-25", "2025-01-31"),
        ("november 2025", "2025-11-28"),
        ("Q2 2023", "2023-06-30"),
        ("våren 2023", "2023-05-31"),
        ("sommaren 2024", "2024-08-31"),
        ("hösten 2021", "2021-11-30"),
        ("under 2025", "2025-12-31"),
        ("årsskiftet 23/24", "2023-12-31"),
        ("tom 231231", "2023-12-31"),
        ("v. 42 2025", "2025-10-17"),
    ] {
        assert_eq!(due(text).as_deref(), Some(day), "{text}");
    }
    assert_eq!(due("2022 och framåt"), None);
    assert_eq!(due("hösten"), None);
}

#[test]
fn expiries_and_turns_of_the_year() {
    each(
        Basis::default(),
        &[
            ("ansökan tom 231231 sänds in", "tom 231231 = 2023-12-31 day until"),
            ("t.o.m. 2025-12-31", "t.o.m. 2025-12-31 = 2025-12-31 day until"),
            ("till och med 31/12 2025", "till och med 31/12 2025 = 2025-12-31 day until"),
            ("tom årsskiftet 23/24", "tom årsskiftet 23/24 = 2023-12-31 day until"),
            ("årsskiftet 2023/2024", "årsskiftet 2023/2024 = 2023-12-31 day"),
            ("årsskiftet 2020", "årsskiftet 2020 = ambiguous"),
            ("vid årsskiftet", "årsskiftet = ambiguous"),
            ("årsskiftet 23/25", "årsskiftet 23/25 = wrong"),
            ("vintern 24/25", "vintern 24/25 = ambiguous"),
        ],
    );
}

#[test]
fn times_of_day() {
    each(
        Basis::default(),
        &[
            ("2024-02-14, kl 10-15", "2024-02-14 = 2024-02-14 day; kl 10-15 = 10:00-15:00"),
            ("kl. 14.45 - 15.05", "kl. 14.45 - 15.05 = 14:45-15:05"),
            ("08.30–12", "08.30–12 = 08:30-12:00"),
            ("10-14.30", "10-14.30 = 10:00-14:30"),
            ("klockan 9", "klockan 9 = 09:00"),
            ("13:00-15:00", "13:00-15:00 = 13:00-15:00"),
            ("2025-02-12 13:00:00", "2025-02-12 = 2025-02-12 day; 13:00:00 = 13:00"),
            ("kl 10-25", "kl 10-25 = wrong"),
            ("kl 16-10", "kl 16-10 = wrong"),
            ("se avsnitt 10.15", ""),
        ],
    );
}

#[test]
fn what_can_be_no_date_is_wrong_and_what_can_be_two_is_ambiguous() {
    each(
        IN_2025,
        &[
            ("13-15/16 RSL", "13-15/16 = wrong"),
            ("2025-02-30", "2025-02-30 = wrong"),
            ("20250230", "20250230 = wrong"),
            ("250230 Möte", "250230 = wrong"),
            ("31/2", "31/2 = wrong"),
            ("13/15", "13/15 = wrong"),
            ("30 februari", "30 februari = wrong"),
            ("29/2", "29/2 = wrong"),
            ("14/4-15/2", "14/4-15/2 = wrong"),
            ("v. 53", "v. 53 = wrong"),
            ("2024-10-11/10", "2024-10-11/10 = wrong"),
            ("10-11/12", "10-11/12 = ambiguous"),
            ("15/2-25", "15/2-25 = ambiguous"),
        ],
    );
    each(Basis { year: Some(2024) }, &[("29/2", "29/2 = 2024-02-29 day basis")]);
    let found = find("13-15/16", Basis::default());
    let Notation::Wrong(wrong) = &found[0].what else { panic!("{found:?}") };
    assert!(wrong.message.starts_with("`13-15/16` is no date"), "{wrong:?}");
}

#[test]
fn other_numbers_are_left_alone() {
    each(
        IN_2025,
        &[
            ("öppet 24/7, 1/2 tjänst, 3/4 av, läsåret 19/20", ""),
            ("SSMFS 2018:5, dnr 2023-0042, 850101-1234", ""),
            ("8 100 patienter, 1177 Direkt, covid-19, 1.25/3 m", ""),
            ("2,5 miljoner, 13-16 år, 250 vårdcentraler", ""),
            ("Jan och Maj hälsar att jul är i mar", ""),
            ("S-100/2 och 15/2/3", ""),
        ],
    );
}

#[test]
fn a_weekday_is_remembered() {
    let found = find("torsdagen den 19/9", IN_2025);
    let Notation::Stretch(stretch) = &found[0].what else { panic!("{found:?}") };
    assert_eq!((stretch.weekday, stretch.day()), (Some(Weekday::Thursday), "2025-09-19".parse().ok()));
}

#[test]
fn letters_in_two_parts_are_read_too() {
    each(Basis::default(), &[("va\u{30a}ren 2023", "va\u{30a}ren 2023 = 2023-01-01..2023-05-31 season")]);
}

#[test]
fn entries_of_a_log_open_with_a_date() {
    let opened = |line: &'static str| {
        opens_entry(line).map(|(found, rest)| match found.what {
            Notation::Stretch(s) => format!("{} {}|{rest}", s.days().unwrap().0, s.precision().code()),
            other => format!("{other:?}"),
        })
    };
    for (line, expected) in [
        ("230206 Status lämnad", "2023-02-06 day|Status lämnad"),
        ("230906Ny ledamot", "2023-09-06 day|Ny ledamot"),
        ("231013Föredrag", "2023-10-13 day|Föredrag"),
        ("20230405 Redovisning", "2023-04-05 day|Redovisning"),
        ("• 2025-02-12: Klart", "2025-02-12 day|Klart"),
        ("2022 gjordes en kartläggning", "2022-01-01 year|gjordes en kartläggning"),
    ] {
        assert_eq!(opened(line).as_deref(), Some(expected), "{line}");
    }
    for line in ["Möte 230206", "15/2 Beslut", "tom 231231", "kl 10-12", "våren 2023", "", "(230206)"] {
        assert_eq!(opens_entry(line), None, "{line}");
    }
    assert!(matches!(opens_entry("230230 Möte").unwrap().0.what, Notation::Wrong(_)));
}

/// Every way to write a day that says its year, and those that don't.
fn spellings(day: Date) -> (Vec<String>, Vec<String>) {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let (y, m, d) = (day.year(), day.month(), day.day());
    let name = MONTHS[usize::try_from(m - 1).unwrap()];
    let with = vec![
        day.to_string(),
        format!("{y}{m:02}{d:02}"),
        format!("{:02}{m:02}{d:02}", y % 100),
        format!("{d}/{m} {y}"),
        format!("{d}/{m}-{y}"),
        format!("{d} {name} {y}"),
        format!("{d}.{m}.{y}"),
    ];
    // 24/7 is how one says "always".
    let slashed = (d, m) != (24, 7);
    let without = [format!("{d} {name}"), format!("den {d}:e {name}")].into_iter();
    (with, without.chain(slashed.then(|| format!("{d}/{m}"))).collect())
}

proptest! {
    #[test]
    fn no_text_panics_and_nothing_overlaps(text: String, year in proptest::option::of(1990..2100_i16)) {
        check(&text, year)?;
    }

    #[test]
    fn no_text_made_of_dates_panics(
        text in "([0-9]{1,8}|[-–/.:, \n]|kl|v\\.|Q|jan|maj|mars|våren|under|tom|årsskiftet|torsdag|och|till|:e){0,24}",
        year in proptest::option::of(1990..2100_i16),
    ) {
        check(&text, year)?;
    }

    #[test]
    fn a_day_reads_back_in_every_notation(year in 2000..2080_i16, day in 0..365_i32) {
        let day = Date::new(year, 1, 1).unwrap().saturating_add(jiff::Span::new().days(day));
        let (with, without) = spellings(day);
        for text in &with {
            let found = find(&format!("möte {text} i Lund"), Basis { year: Some(1999) });
            prop_assert_eq!(found.len(), 1, "{}", text);
            let Notation::Stretch(stretch) = &found[0].what else { panic!("{text}: {found:?}") };
            prop_assert_eq!((stretch.day(), stretch.year_from), (Some(day), YearFrom::Stated), "{}", text);
        }
        for text in &without {
            let found = find(text, Basis { year: Some(day.year()) });
            let Notation::Stretch(stretch) = &found[0].what else { panic!("{text}: {found:?}") };
            prop_assert_eq!((stretch.day(), stretch.year_from), (Some(day), YearFrom::Basis), "{}", text);
        }
    }

    #[test]
    fn hours_read_back(a in 0..1440_i32, b in any::<u16>()) {
        let b = a + 1 + i32::from(b) % 1440;
        if b < 1440 {
            let text = format!("kl {}.{:02}–{:02}.{:02}", a / 60, a % 60, b / 60, b % 60);
            let shown = shown(&text, Basis::default());
            let expected = format!("{:02}:{:02}-{:02}:{:02}", a / 60, a % 60, b / 60, b % 60);
            prop_assert!(shown[0].ends_with(&expected), "{shown:?}");
        }
    }
}

fn check(text: &str, year: Option<i16>) -> Result<(), proptest::test_runner::TestCaseError> {
    let mut end = 0;
    for found in find(text, Basis { year }) {
        prop_assert!(found.range.start >= end && found.range.end > found.range.start);
        prop_assert!(text.get(found.range.clone()).is_some());
        end = found.range.end;
        if let Notation::Stretch(stretch) = found.what {
            prop_assert_eq!(stretch.year.is_some(), stretch.days().is_some());
            prop_assert!(stretch.days().is_none_or(|(first, last)| first <= last));
        }
    }
    for line in text.lines() {
        let _ = opens_entry(line);
    }
    Ok(())
}
