//! The demonstration's own pages: where time is moved, and the mailbox that stands for everybody's Outlook.
//!
//! Functions from what is to be shown to a page; the router and the clock are elsewhere. The pages are written for
//! these addresses:
//!
//! | address | page |
//! |---|---|
//! | `GET /demo` | [`first_page`] |
//! | `POST /demo/till`, field `datum`: a date or `nasta`; `sedan`, where given: the address to go back to | none |
//! | `GET /demo/brevlada?till=PERSON&sida=N&brev=ID` | [`mailbox`], with [`MAILBOX_POLICY`] |
//! | `GET /demo/brev/{id}.html` | [`mail_html`], with [`MAIL_POLICY`] |

mod first;
mod mailbox;
pub mod mime;

use std::sync::OnceLock;

use serde::Serialize;

pub use first::{Coming, FirstPage, first_page};
pub use mailbox::{Line, Mailbox, OpenMail, Recipient, mail_html, mailbox};

use crate::text::demo::{self as text, word};
use crate::web::look::{Around, Frame, Link, Look};

/// Where the demonstration begins.
pub const FIRST: &str = "/demo";
/// The mailbox.
pub const MAILBOX: &str = "/demo/brevlada";
/// Where the buttons that move time send their form.
pub const MOVE: &str = "/demo/till";

/// `Content-Security-Policy` of the mailbox: as every page's, and it shows a mail in a frame.
pub const MAILBOX_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `Content-Security-Policy` of a mail in that frame: its own styles and nothing else, and its links lead out of
/// the frame when somebody presses them.
pub const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation allow-popups";

const TEMPLATES: &[(&str, &str)] = &[
    ("first.html", include_str!("templates/first.html")),
    ("mailbox.html", include_str!("templates/mailbox.html")),
];

/// What stands above every page of the demonstration, the daemon's own too (`web::router_with`).
#[must_use]
pub fn around() -> Around {
    Around {
        label: word("around_label").to_owned(),
        note: word("around_note").to_owned(),
        links: vec![Link::new(FIRST, word("demo_forward")), Link::new(MAILBOX, word("demo_mailbox"))],
    }
}

/// A page in the frame. What can only fail in a program whose tests have not passed gives an empty page and a line
/// in the log.
fn render(frame: &Frame, template: &str, view: &impl Serialize) -> String {
    static LOOK: OnceLock<Look> = OnceLock::new();
    let look = LOOK.get_or_init(|| Look::with(TEMPLATES, text::WORDS, Some(around())));
    look.page(frame, template, view).unwrap_or_else(|error| {
        tracing::error!(%error, template, "a page of the demonstration can't be shown");
        String::new()
    })
}
