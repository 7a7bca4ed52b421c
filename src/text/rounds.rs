//! What is said of a round: how many have answered, and who was silent before too.

use super::asked::list;

/// So many are named in a sentence; the rest are counted.
const NAMED: usize = 5;

/// What is missing, after a comma: "saknas: Digital patologi och Blodanvändning", or "inga saknas".
#[must_use]
pub fn missing(titles: &[String]) -> String {
    let (named, rest) = titles.split_at_checked(NAMED).unwrap_or((titles, &[]));
    match (named, rest) {
        ([], _) => "inga saknas".to_owned(),
        (named, []) => format!("saknas: {}", list(named)),
        (named, rest) => format!("saknas: {} och {} till", named.join(", "), rest.len()),
    }
}

/// What a list of units is called in a sentence: by the title of the only one, else by how many they are.
#[must_use]
pub fn units(titles: &[&str]) -> String {
    match titles {
        [] => String::new(),
        [one] => (*one).to_owned(),
        several => format!("{} punkter", several.len()),
    }
}

/// Who is named has been silent in so many rounds in a row, from two.
#[must_use]
pub fn silent_rounds(rounds: u8) -> String {
    match rounds {
        2 => "Det är andra rundan i rad utan svar.".to_owned(),
        3 => "Det är tredje rundan i rad utan svar.".to_owned(),
        n => format!("Det är {n} rundor i rad utan svar."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_as_long_as_it_can_be_read() {
        let titles = |n: usize| (1..=n).map(|i| format!("P{i}")).collect::<Vec<_>>();
        assert_eq!(missing(&titles(0)), "inga saknas");
        assert_eq!(missing(&titles(1)), "saknas: P1");
        assert_eq!(missing(&titles(5)), "saknas: P1, P2, P3, P4 och P5");
        assert_eq!(missing(&titles(7)), "saknas: P1, P2, P3, P4, P5 och 2 till");
    }
}
