//! What the annex to an agenda and the record of a year say.

/// The annex to an agenda.
pub mod annex {
    /// What it is.
    pub const SUBTITLE: &str = "Punkter i handlingsplanen för mötet att ta upp";
    /// Nothing is to be taken up.
    pub const NOTHING: &str = "Inga punkter väntar på mötet, är obeslutade, röda eller inaktuella.";
    /// The heads of its tables, with their share of the width.
    pub const COLUMNS: [(&str, u32); 4] = [("Punkt", 32), ("Läge", 22), ("Ansvarar", 20), ("Att ta upp", 26)];

    /// Why units are listed, in the order in which they are: each stands under the first that it fits.
    pub const REASONS: [&str; 5] =
        ["Väntar på mötet", "Inte beslutade", "Röda", "Löften som har passerat", "Inte bekräftade på länge"];

    /// "Bilaga till föredragningslista: RPO-möte 1"
    #[must_use]
    pub fn title(meeting: &str) -> String {
        format!("Bilaga till föredragningslista: {meeting}")
    }
}

/// The record of a year.
pub mod record {
    /// What it is.
    pub const SUBTITLE: &str = "Möten, utskick, svar, ändringar och löften, som de står i registret";
    /// Nothing is there under a heading.
    pub const NOTHING: &str = "Inget finns antecknat.";
    /// The heads of its tables, with their share of the width.
    pub const MEETINGS: [(&str, u32); 4] = [("Dag", 26), ("Möte", 34), ("Plats", 22), ("Läge", 18)];
    /// See [`MEETINGS`].
    pub const SENT: [(&str, u32); 4] = [("Dag", 16), ("Slag", 18), ("Vad", 40), ("Till", 26)];
    /// See [`MEETINGS`].
    pub const ANSWERS: [(&str, u32); 4] = [("Dag", 16), ("Fråga", 38), ("Svar", 22), ("Från", 24)];
    /// See [`MEETINGS`].
    pub const CHANGES: [(&str, u32); 3] = [("Dag", 16), ("Punkt", 44), ("Ändring", 40)];
    /// See [`MEETINGS`].
    pub const LOG: [(&str, u32); 4] = [("Dag", 16), ("Punkt", 30), ("Slag", 18), ("Text", 36)];
    /// See [`MEETINGS`].
    pub const PROMISES: [(&str, u32); 4] =
        [("Skulle vara klart", 18), ("Punkt", 34), ("Löfte", 32), ("Blev", 16)];
    /// The headings over its tables, in their order.
    pub const HEADINGS: [&str; 6] =
        ["Möten", "Utskick", "Svar", "Ändringar av läge och status", "Anteckningar", "Löften"];
    /// Somebody who was asked in no role that is known.
    pub const NO_ROLE: &str = "okänd roll";
    /// It came into the plan.
    pub const ADDED: &str = "ny i planen";

    /// "Året 2025: RPO Medicinsk diagnostik"
    #[must_use]
    pub fn title(year: i16, body: &str) -> String {
        format!("Året {year}: {body}")
    }

    /// A meeting that took place.
    pub const HELD: &str = "hållet";
    /// One that didn't.
    pub const CANCELLED: &str = "inställt";

    /// What kind of message left, by its code.
    #[must_use]
    pub fn kind(code: &str) -> &'static str {
        match code {
            "alarm" => "larm",
            "change" => "ändring",
            "escalation" => "eskalering",
            "reminder" => "påminnelse",
            "ask" => "fråga",
            "nudge" => "fråga om punkt",
            "summary" => "sammandrag",
            _ => "meddelande",
        }
    }

    /// How many got the same.
    #[must_use]
    pub fn recipients(roles: &[String], count: usize) -> String {
        let roles = roles.join(", ");
        if count > 1 { format!("{roles} ({count} mottagare)") } else { roles }
    }

    /// What became of a promise.
    #[must_use]
    pub fn came(met: bool, passed: bool) -> &'static str {
        match (met, passed) {
            (true, _) => "klart",
            (false, true) => "inte klart",
            (false, false) => "återstår",
        }
    }
}
