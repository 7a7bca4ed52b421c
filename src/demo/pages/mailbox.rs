//! The mailbox: everybody's mails, as they would see them.

use jiff::civil::DateTime;
use serde::Serialize;

use super::{MAILBOX, MOVE, mime, render};
use crate::text::demo::{self as text, word};
use crate::web::look::{Frame, Link};

/// What the mailbox shows.
#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    /// What the whole is called.
    pub organisation: String,
    /// The year that the menu leads to.
    pub year: i16,
    /// Everybody who has got a mail, in the order to show them.
    pub recipients: Vec<Recipient>,
    /// Only this person's mails: an id of `recipients`.
    pub chosen: Option<String>,
    /// The mails of this page, newest first.
    pub mails: Vec<Line>,
    /// Which page, from 1.
    pub page: u64,
    /// How many pages there are.
    pub pages: u64,
    /// The mail that is read.
    pub open: Option<OpenMail>,
}

/// Somebody to choose.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The person's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// How many mails they have got.
    pub mails: u64,
}

/// A mail in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its row.
    pub id: i64,
    /// Who got it, by name.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it left, in Stockholm.
    pub at: DateTime,
}

/// The mail that is read.
#[derive(Clone, Debug)]
pub struct OpenMail {
    /// Its row.
    pub id: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it left, in Stockholm.
    pub at: DateTime,
}

#[derive(Debug, Serialize)]
struct View {
    action: &'static str,
    move_time: &'static str,
    recipients: Vec<Choice>,
    mails: Vec<Row>,
    page: Option<String>,
    newer: Option<Link>,
    older: Option<Link>,
    open: Option<Open>,
}

#[derive(Debug, Serialize)]
struct Choice {
    id: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    to: String,
    subject: String,
    when: String,
    iso: String,
    open: bool,
}

#[derive(Debug, Serialize)]
struct Open {
    from: String,
    to: String,
    subject: String,
    sent: String,
    frame: String,
}

/// The page.
#[must_use]
pub fn mailbox(box_: &Mailbox) -> String {
    let address = |page: u64, mail: Option<i64>| {
        let mut query = Vec::new();
        if let Some(person) = &box_.chosen {
            query.push(format!("till={person}"));
        }
        if page > 1 {
            query.push(format!("sida={page}"));
        }
        match mail {
            Some(id) => format!("{MAILBOX}?{}#brev", [query, vec![format!("brev={id}")]].concat().join("&")),
            None if query.is_empty() => MAILBOX.to_owned(),
            None => format!("{MAILBOX}?{}", query.join("&")),
        }
    };
    let open_id = box_.open.as_ref().map(|open| open.id);
    let mails = box_.mails.iter().map(|line| Row {
        href: address(box_.page, Some(line.id)),
        to: line.to.clone(),
        subject: line.subject.clone(),
        when: text::moment(line.at),
        iso: line.at.date().to_string(),
        open: open_id == Some(line.id),
    });
    let recipients = box_.recipients.iter().map(|recipient| Choice {
        id: recipient.id.clone(),
        label: text::recipient(&recipient.name, recipient.mails),
        chosen: box_.chosen.as_ref() == Some(&recipient.id),
    });
    let view = View {
        action: MAILBOX,
        move_time: MOVE,
        recipients: recipients.collect(),
        mails: mails.collect(),
        page: (box_.pages > 1).then(|| text::page(box_.page, box_.pages)),
        newer: (box_.page > 1).then(|| Link::new(address(box_.page - 1, None), word("mailbox_newer"))),
        older: (box_.page < box_.pages)
            .then(|| Link::new(address(box_.page + 1, None), word("mailbox_older"))),
        open: box_.open.as_ref().map(open),
    };
    let frame = Frame {
        title: word("demo_mailbox").to_owned(),
        organisation: box_.organisation.clone(),
        year: box_.year,
        wide: true,
        ..Frame::default()
    };
    render(&frame, "mailbox.html", &view)
}

fn open(mail: &OpenMail) -> Open {
    let head = mime::head(&mail.bytes);
    Open {
        from: head.from,
        to: head.to,
        subject: head.subject,
        sent: text::sent(mail.at),
        frame: format!("/demo/brev/{}.html", mail.id),
    }
}

/// The HTML of a mail, whose links lead out of the frame it is shown in. None for a mail without HTML.
#[must_use]
pub fn mail_html(bytes: &[u8]) -> Option<String> {
    let html = mime::part(bytes, "text/html")?;
    Some(html.replacen("<head>", "<head>\n<base target=\"_top\">", 1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn shown(open: Option<OpenMail>) -> String {
        let at = date(2025, 2, 3).at(8, 0, 0, 0);
        let line = |id, subject: &str| Line { id, to: "Anna Exempel".into(), subject: subject.into(), at };
        mailbox(&Mailbox {
            organisation: "Sydöstra".into(),
            year: 2025,
            recipients: vec![Recipient { id: "p1".into(), name: "Anna Exempel".into(), mails: 42 }],
            chosen: Some("p1".into()),
            mails: vec![line(7, "Har ni <synpunkter>?"), line(6, "Tack")],
            page: 2,
            pages: 3,
            open,
        })
    }

    #[test]
    fn the_list_leads_to_its_mails_and_pages() {
        let html = shown(None);
        for said in [
            "Har ni &lt;synpunkter&gt;?",
            "/demo/brevlada?till=p1&amp;sida=2&amp;brev=7#brev",
            "href=\"/demo/brevlada?till=p1\"",
            "/demo/brevlada?till=p1&amp;sida=3",
            "Sida 2 av 3",
            "<option value=\"p1\" selected>Anna Exempel (42)</option>",
            "Välj ett mejl",
            "påhittade personer",
        ] {
            assert!(html.contains(said), "{said}\n{html}");
        }
        assert!(!html.contains("<iframe"));
    }

    #[test]
    fn the_open_mail_is_shown_in_a_frame_of_its_own() {
        let bytes =
            b"From: A <a@example.org>\r\nTo: B <b@example.org>\r\nSubject: =?utf-8?b?w4U=?=\r\n\r\nHej"
                .to_vec();
        let at = date(2025, 2, 3).at(8, 0, 0, 0);
        let html = shown(Some(OpenMail { id: 7, bytes, at }));
        assert!(
            html.contains("src=\"/demo/brev/7.html\"") && html.contains("sandbox=\"allow-top-navigation")
        );
        assert!(html.contains(">Å<") && html.contains("aria-current=\"true\""));
    }

    #[test]
    fn a_mails_links_lead_out_of_its_frame() {
        let mail =
            b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>x</title></head></html>";
        let html = mail_html(mail).unwrap();
        assert!(html.contains("<head>\n<base target=\"_top\"><title>"), "{html}");
        assert!(mail_html(b"Subject: x\r\n\r\ny").is_none());
    }
}
