//! Words, and whether two titles mean the same.

/// Words of meetings without a room.
pub(super) const DIGITAL: &[&str] = &[
    "digitalt",
    "digital",
    "video",
    "videomöte",
    "videokonferens",
    "teams",
    "teamsmöte",
    "zoom",
    "skype",
    "webb",
    "webbmöte",
    "distans",
    "hybrid",
    "hybridmöte",
    "online",
    "telefon",
    "telefonmöte",
];
/// Words that don't tell one meeting of a body from another.
const PLAIN: &[&str] = &["ordinarie", "möte", "möten", "mötet", "sammanträde", "nr", "kvartal"];

/// The words of a text in lower case, without punctuation around them.
pub(super) fn words(text: &str) -> Vec<String> {
    let trimmed = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    trimmed.filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// What tells a title from others: its words without numbers and without those that say only "meeting".
/// `RPO-möte 3` and `RPO-möte` are the same, and an ordinary meeting has nothing left beside its body's name.
pub(super) fn core(title: &str) -> Vec<String> {
    let all = words(title).into_iter().flat_map(|w| w.split('-').map(str::to_owned).collect::<Vec<_>>());
    all.filter(|w| !w.is_empty() && !w.chars().all(|c| c.is_ascii_digit()) && !PLAIN.contains(&w.as_str()))
        .collect()
}
