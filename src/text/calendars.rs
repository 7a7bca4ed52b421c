//! What is said about getting a feed into a calendar program.

use jiff::Timestamp;

use crate::calendar::civil;
use crate::calendar::swedish::{clock, long_week};

/// How a program takes an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// It is copied and pasted, with https.
    Copied,
    /// A link with webcal opens the program.
    Webcal,
    /// The program's own page for adding an address: Outlook on the web.
    Outlook,
    /// The same: Google Calendar.
    Google,
}

/// A program that can subscribe.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Within a page's addresses.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// How it takes the address.
    pub link: LinkForm,
    /// What the link says; empty where the address is copied.
    pub button: &'static str,
    /// What to do, in order.
    pub steps: &'static [&'static str],
    /// How long a change takes to get there.
    pub delay: &'static str,
}

/// The programs, the most common of the readers' first. Their words are those of the programs in Swedish.
pub const PROGRAMS: &[Program] = &[
    Program {
        id: "nya-outlook",
        name: "Nya Outlook för Windows",
        link: LinkForm::Copied,
        button: "",
        steps: &[
            "Kopiera adressen.",
            "Öppna kalendern, välj Lägg till kalender och sedan Prenumerera från webben.",
            "Klistra in adressen, ge kalendern ett namn och välj Importera.",
        ],
        delay: "En ändring syns oftast inom tre timmar, ibland först efter ett dygn.",
    },
    Program {
        id: "outlook-webb",
        name: "Outlook på webben",
        link: LinkForm::Outlook,
        button: "Lägg till i Outlook på webben",
        steps: &[
            "Tryck på Lägg till i Outlook på webben och logga in om det behövs.",
            "Ge kalendern ett namn och välj Importera.",
            "Går det inte? Öppna kalendern, välj Lägg till kalender, Prenumerera från webben, och klistra in adressen.",
        ],
        delay: "En ändring syns oftast inom tre timmar, ibland först efter ett dygn.",
    },
    Program {
        id: "klassiska-outlook",
        name: "Klassiska Outlook för Windows",
        link: LinkForm::Webcal,
        button: "Öppna i kalenderprogram",
        steps: &[
            "Tryck på Öppna i kalenderprogram och svara Ja på frågan om du vill prenumerera.",
            "Går det inte? Kopiera adressen. Öppna kalendern, välj Lägg till kalender och sedan Från internet.",
            "Klistra in adressen och välj OK.",
        ],
        delay: "En ändring syns oftast inom sex timmar när Outlook är öppet. Vill du ha den genast trycker du på \
                Skicka/ta emot.",
    },
    Program {
        id: "google",
        name: "Google Kalender",
        link: LinkForm::Google,
        button: "Lägg till i Google Kalender",
        steps: &[
            "Gör det här på en dator. I mobilen visas kalendern sedan av sig själv.",
            "Tryck på Lägg till i Google Kalender och välj Lägg till.",
            "Går det inte? Välj plustecknet vid Andra kalendrar, sedan Från webbadress, och klistra in adressen.",
        ],
        delay: "En ändring syns efter fyra timmar till ett dygn, ibland senare. Det går inte att skynda på.",
    },
    Program {
        id: "apple",
        name: "Apple Kalender i Iphone, Ipad och Mac",
        link: LinkForm::Webcal,
        button: "Öppna i kalenderprogram",
        steps: &[
            "Tryck på Öppna i kalenderprogram, eller rikta telefonens kamera mot rutan med prickar.",
            "Välj Prenumerera.",
            "På Mac: sätt Uppdatera automatiskt till Varje timme.",
        ],
        delay: "En ändring syns så ofta som du själv ställer in, från var femte minut till en gång i veckan.",
    },
    Program {
        id: "thunderbird",
        name: "Thunderbird",
        link: LinkForm::Copied,
        button: "",
        steps: &[
            "Kopiera adressen.",
            "Öppna kalendern, välj Ny kalender och sedan På nätverket.",
            "Klistra in adressen, låt användarnamnet vara tomt och välj Hitta kalendrar, sedan Prenumerera.",
        ],
        delay: "En ändring syns inom en halvtimme när Thunderbird är öppet.",
    },
];

/// The heading of a feed's own page.
#[must_use]
pub fn one_title(feed: &str) -> String {
    format!("Lägg {feed} i din kalender")
}

/// What a screen reader says of the picture with an address.
#[must_use]
pub fn qr_label(feed: &str) -> String {
    format!("QR-kod med adressen till {feed}")
}

/// When a feed was last fetched.
#[must_use]
pub fn fetched(at: Option<Timestamp>) -> String {
    match at {
        Some(at) => {
            let at = civil(at);
            format!("Senast hämtad {}, {}.", long_week(at.date()), clock(at.time()))
        }
        None => "Har inte hämtats än.".to_owned(),
    }
}

/// Since when a feed has been there.
#[must_use]
pub fn made(at: Timestamp) -> String {
    format!("Gjord {}.", long_week(civil(at).date()))
}

/// A feed that works no longer.
#[must_use]
pub fn revoked(name: &str) -> String {
    format!(
        "”{name}” är borttagen. Ta bort den i kalenderprogrammet också, annars ligger det gamla kvar där."
    )
}

/// What somebody has too many of.
#[must_use]
pub fn too_many(most: usize) -> String {
    format!("Du har redan {most} kalendrar. Ta bort någon som du inte använder.")
}
