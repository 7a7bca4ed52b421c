//! What messages say of requests: passed on, helped with, settled by another, and where silence leads.

use jiff::civil::Date;

use crate::calendar::swedish::long;

/// A role and where it is held.
#[must_use]
pub fn role_in(role: &str, body: &str) -> String {
    format!("{role} i {body}")
}

/// Whoever owns an item.
pub const OWNER: &str = "den som äger punkten";
/// Whoever stands in for the recipient.
pub const DEPUTY: &str = "din ersättare";

/// "processtöd", "processtöd och ordförande", "processtöd, ordförande och stab".
#[must_use]
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} och {last}", first.join(", ")),
    }
}

/// What comes if the recipient stays silent: when, and to which roles.
#[must_use]
pub fn foretold(day: Date, roles: &str) -> String {
    format!("Utan svar från dig: {} går frågan till {roles}.", long(day))
}

/// A question that was meant for another.
#[must_use]
pub fn passed(from: &str) -> String {
    format!("{} har skickat frågan vidare till dig.", sentence(from))
}

/// Why somebody gets a question that was meant for another.
#[must_use]
pub fn why_passed(from: &str) -> String {
    format!("Du får det här för att {from} har skickat frågan vidare till dig.")
}

/// A question that another wants help with.
#[must_use]
pub fn helps(from: &str) -> String {
    format!("{} ber dig om hjälp med frågan och har kvar ansvaret för den.", sentence(from))
}

/// Why somebody is asked to help.
#[must_use]
pub fn why_helps(from: &str) -> String {
    format!("Du får det här för att {from} ber dig om hjälp.")
}

/// Another has answered, and that is enough.
#[must_use]
pub fn settled(who: &str) -> String {
    format!("{} har svarat, du behöver inte göra något", sentence(who))
}

/// Subject of that.
#[must_use]
pub fn settled_subject(question: &str) -> String {
    format!("Besvarad: {question}")
}

/// One who has not answered a question that was passed on to them.
#[must_use]
pub fn silent_passed(role: &str, body: &str, name: &str) -> String {
    format!("{body}, {role}: vidare till {name}")
}

/// The row with one of the matters that are listed under an occasion.
#[must_use]
pub fn listed_row(title: &str) -> (String, String) {
    ("Gäller".to_owned(), title.to_owned())
}

/// The row with where something is.
#[must_use]
pub fn link_row(link: &str) -> (String, String) {
    ("Länk".to_owned(), link.to_owned())
}

/// The row with the number in the diary.
#[must_use]
pub fn diary_row(number: &str) -> (String, String) {
    ("Diarienummer".to_owned(), number.to_owned())
}

/// With a capital letter first: what a field begins may be a role.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn silence_leads_somewhere_on_a_day() {
        let roles = list(&["processtöd".to_owned(), "ordförande".to_owned()]);
        assert_eq!(
            foretold(date(2025, 3, 31), &roles),
            "Utan svar från dig: måndag 31 mars går frågan till processtöd och ordförande."
        );
    }

    #[test]
    fn a_role_begins_a_sentence() {
        assert_eq!(
            settled("ordförande i RAG IT"),
            "Ordförande i RAG IT har svarat, du behöver inte göra något"
        );
    }
}
