//! Mails: what people read, and what their programs do.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use arshjul::items::{Health, Phase};
use arshjul::mail::compose::{ComposeError, Composed, Digest, Sender, Standing, Templates, compose};
use arshjul::people::Person;
use arshjul::plan::fields::item_rows;
use arshjul::plan::model::{ItemLine, Key, Matter, Message, MessageKind, Notice, Object};
use arshjul::text::notices;
use arshjul::workflow::model::{Answer, EntryKind, Span};
use jiff::civil::{Date, date};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use crate::golden;

const DUE: Date = date(2025, 5, 23);
const ROUND: Span = Span::AllDay { first: date(2025, 4, 15), last: date(2025, 6, 13) };

fn answer(id: &str, label: &str) -> Answer {
    Answer::plain(id.into(), label)
}

/// A question to the members about the round that closes on 13 June.
fn ask() -> Message {
    let question = "Lämna synpunkter, eller svara att ni inte har några";
    Message {
        key: Key("nationell/remisser:rpo-medicinsk-diagnostik:sommar.2025:inhamta:0:anna:2025-05-23".into()),
        at: "2025-04-23T06:00:00Z".parse().unwrap(),
        expires: None,
        urgent: false,
        kind: MessageKind::Ask,
        matter: Matter {
            workflow: "nationell/remisser".into(),
            body: Some("rpo-medicinsk-diagnostik".into()),
            object: Object::Item("x".into()),
            step: "inhamta".into(),
        },
        role: "rpo-medicinsk-diagnostik/ledamot".into(),
        to: Some("anna".into()),
        notice: Notice {
            from_body: "RPO MD".into(),
            subject: notices::ask(question, DUE),
            headline: question.into(),
            text: vec!["Remisserna och svarsmallen finns på den nationella webbplatsen. Att ni inte har några synpunkter är också ett svar.".into()],
            rows: vec![
                notices::occasion_row(EntryKind::Period, "Nationell remissperiod april–juni", ROUND),
                notices::due_row(DUE),
            ],
            due: Some(DUE),
            answers: vec![
                answer("synpunkter", "Lämna synpunkter"),
                answer("inga", "Inga synpunkter"),
                answer("avstar", "Avstår"),
                answer("mer-tid", "Behöver mer tid"),
            ],
            silent: Vec::new(),
            why: notices::why("ledamot", "RPO Medicinsk diagnostik"),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    }
}

fn reminder() -> Message {
    let mut message = ask();
    message.kind = MessageKind::Reminder;
    message.key = Key(message.key.0.replace(":0:", ":1:"));
    let today = date(2025, 5, 16);
    message.notice.subject = notices::reminder(&message.notice.headline, DUE, today);
    message.notice.text.insert(0, notices::reminder_text(DUE, today, 5));
    message
}

fn escalation() -> Message {
    let mut message = ask();
    let question = message.notice.headline.clone();
    message.kind = MessageKind::Escalation;
    message.key = Key(message.key.0.replace(":0:anna:", ":e1:kansliet:"));
    message.notice.subject = notices::escalation(&question, 2, 6);
    message.notice.text = vec![notices::escalation_text(DUE, &question)];
    message.notice.answers.clear();
    message.notice.silent = vec![
        notices::silent("ordförande", "RAG Patologi", Some("Bo Exempel")),
        notices::silent("ordförande", "RAG Klinisk kemi", None),
    ];
    message.notice.why = notices::why("processtöd", "RPO Medicinsk diagnostik");
    message
}

fn alarm() -> Message {
    let mut message = escalation();
    let last = ROUND.last();
    message.kind = MessageKind::Alarm;
    message.key = Key(message.key.0.replace(":e1:", ":a1:"));
    message.notice.headline = "Det samordnade remissvaret ska vara skickat".into();
    message.notice.subject = notices::alarm(&message.notice.headline, last, date(2025, 6, 12));
    message.notice.text = vec![notices::alarm_text(last)];
    message.notice.due = Some(date(2025, 6, 12));
    message.notice.answers =
        vec![answer("skickat", "Det är skickat"), answer("avstar", "Vi avstår från att svara")];
    message
}

/// A unit that was promised long ago and waits for a meeting.
fn unit(id: &str, title: &str, (health, reported): (Health, Option<Date>)) -> ItemLine {
    ItemLine {
        unit: id.into(),
        title: title.into(),
        phase: Phase::NotStarted,
        health,
        reported,
        next: Some(date(2025, 9, 1)),
        deadline: Some((date(2023, 5, 31), "under våren 2023".into())),
        waits: vec![("Första RPO-mötet".into(), None)],
    }
}

fn nudge() -> Message {
    let mut message = ask();
    message.kind = MessageKind::Nudge;
    message.key = Key("planen:rpo-medicinsk-diagnostik:l12~lab:ej-paborjad:1:anna:2025-05-05".into());
    message.matter.object = Object::Item("l12~lab".into());
    message.notice = Notice {
        from_body: "RPO MD".into(),
        subject: "”Gemensam bildlagring (Lab)” är inte påbörjad. Vad gäller?".into(),
        headline: "”Gemensam bildlagring (Lab)” är inte påbörjad. Vad gäller?".into(),
        text: Vec::new(),
        rows: item_rows(
            &unit("l12~lab", "Gemensam bildlagring (Lab)", (Health::Unknown, None)),
            date(2025, 5, 5),
        ),
        due: None,
        answers: vec![
            answer("paborjad", "Påbörjad"),
            answer("vilande", "Vilande"),
            answer("utgar", "Föreslås utgå"),
            answer("ingen", "Ingen förändring"),
        ],
        silent: Vec::new(),
        why: notices::why_owner(),
        marks: Vec::new(),
        sections: Vec::new(),
        items: Vec::new(),
        together: None,
    };
    message
}

fn change() -> Message {
    let mut message = ask();
    message.kind = MessageKind::Change;
    message.key = Key("sydostra/rsl:rsl:maj.2025:andring:0:anna:2025-05-14".into());
    message.notice = Notice {
        from_body: "RSL".into(),
        subject: "RSL är flyttat till ons 14 maj (v. 20)".into(),
        headline: "RSL är flyttat till onsdag 14 maj (v. 20)".into(),
        text: vec!["Mötet skulle ha varit tisdag 13 maj (v. 20).".into()],
        rows: vec![notices::place_row("Digitalt")],
        due: None,
        answers: Vec::new(),
        silent: Vec::new(),
        why: notices::why("processtöd", "RPO Medicinsk diagnostik"),
        marks: Vec::new(),
        sections: Vec::new(),
        items: Vec::new(),
        together: None,
    };
    message
}

fn sender() -> Sender {
    Sender {
        address: "Årshjulet i Sydöstra <arshjul@example.org>".into(),
        reply_to: Some("Processtöd RPO MD <processtod@example.org>".into()),
        organisation: "Sydöstra sjukvårdsregionen".into(),
        public_url: Some("https://arshjul.example.org/".into()),
        list_id: String::new(),
    }
}

fn digest(messages: Vec<Message>) -> Digest {
    let url = |at: usize| Some(format!("https://arshjul.example.org/svar/k3y_Exempel-{at}"));
    let part = |(at, m): (usize, Message)| {
        let url = if m.notice.answers.is_empty() { None } else { url(at) };
        (m, url)
    };
    Digest {
        person: Person { id: "anna".into(), name: "Anna Exempel".into(), address: "anna@example.org".into() },
        messages: messages.into_iter().enumerate().map(part).collect(),
        window: "2025-05-16T06:00:00Z".parse().unwrap(),
        page_url: None,
        first: None,
    }
}

fn try_composing(digest: &Digest, sender: &Sender) -> Result<Composed, ComposeError> {
    compose(digest, sender, &Templates::embedded().unwrap())
}

fn composed(digest: &Digest) -> Composed {
    try_composing(digest, &sender()).unwrap()
}

/// A mail as a mail program sees it.
pub struct Read {
    headers: Vec<(String, String)>,
    pub text: String,
    html: String,
}

impl Read {
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        let value = found.next().map_or("", |(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} stands twice");
        value
    }
}

pub fn read(bytes: &[u8]) -> Read {
    let mail = std::str::from_utf8(bytes).unwrap();
    assert!(
        mail.is_ascii() && mail.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n']))
    );
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers: Vec<_> = unfolded
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line:?} is no header")))
        .map(|(name, value)| (name.to_owned(), decode_words(value.trim())))
        .collect();
    let kind = &headers.iter().find(|(name, _)| name == "Content-Type").unwrap().1;
    assert!(kind.starts_with("multipart/alternative;"), "{kind}");
    let boundary = kind.split('"').nth(1).unwrap();
    let parts: Vec<_> = body.split(&format!("--{boundary}")).collect();
    assert_eq!((parts.len(), parts[0], parts[3]), (4, "", "--\r\n"), "two parts");
    let part = |part: &str, kind: &str| {
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Type: {kind}; charset=utf-8")), "{head}");
        assert!(head.contains("Content-Transfer-Encoding: quoted-printable"), "{head}");
        unquote(body, false).trim_end().replace("\r\n", "\n")
    };
    Read { text: part(parts[1], "text/plain"), html: part(parts[2], "text/html"), headers }
}

/// Undoes quoted-printable; in a header an underscore is a space.
fn unquote(text: &str, header: bool) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            b'_' if header => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn unbase64(text: &str) -> String {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: String = text.trim_end_matches('=').bytes().map(|b| format!("{:06b}", digit(b))).collect();
    let bytes = bits.as_bytes().chunks_exact(8).map(|eight| std::str::from_utf8(eight).unwrap());
    String::from_utf8(bytes.map(|eight| u8::from_str_radix(eight, 2).unwrap()).collect()).unwrap()
}

/// Undoes RFC 2047: blanks between two encoded words are not part of the text.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut after_word = false;
    for (at, piece) in value.split(' ').enumerate() {
        let word = piece.strip_prefix("=?utf-8?").and_then(|rest| rest.strip_suffix("?="));
        assert!(word.is_none() || piece.len() <= 75, "{piece} is too long for an encoded word");
        if at > 0 && !(after_word && word.is_some()) {
            decoded.push(' ');
        }
        match word.and_then(|word| word.split_once('?')) {
            Some(("b" | "B", text)) => decoded.push_str(&unbase64(text)),
            Some((_, text)) => decoded.push_str(&unquote(text, true)),
            None => decoded.push_str(piece),
        }
        after_word = word.is_some();
    }
    decoded
}

/// The words people see: no tags, no styles, no addresses.
fn words(text: &str) -> Vec<String> {
    let visible: Vec<_> = text.lines().filter(|line| !line.starts_with("https://")).collect();
    let visible = visible.join("\n").to_lowercase();
    visible.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn strip_tags(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1.split_once('>').unwrap().1;
    let mut text = String::new();
    for piece in body.split('<') {
        match piece.split_once('>') {
            Some((_, after)) => text.extend([" ", after]),
            None => text.push_str(piece),
        }
    }
    for (entity, letter) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, letter);
    }
    text
}

fn check(name: &str, digest: &Digest) {
    let mail = composed(digest);
    let read = read(&mail.bytes);
    assert_eq!(words(&strip_tags(&read.html)), words(&read.text), "both forms say the same");
    assert_eq!(read.header("Subject"), mail.subject);
    let headers: Vec<_> = read.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    golden::check(
        &format!("mail/{name}.txt"),
        format!("{}\n\n{}\n", headers.join("\n"), read.text).as_bytes(),
    );
}

#[test]
fn an_ask() {
    check("fraga", &digest(vec![ask()]));
}

#[test]
fn a_reminder() {
    check("paminnelse", &digest(vec![reminder()]));
}

#[test]
fn an_escalation() {
    check("eskalering", &digest(vec![escalation()]));
}

#[test]
fn an_alarm() {
    check("larm", &digest(vec![alarm()]));
}

#[test]
fn a_nudge() {
    check("puff", &digest(vec![nudge()]));
}

#[test]
fn a_change() {
    check("andring", &digest(vec![change()]));
}

#[test]
fn a_digest_of_three() {
    let mut digest = digest(vec![nudge(), escalation(), reminder()]);
    digest.page_url = Some("https://arshjul.example.org/svar/k3y_Exempel".into());
    check("samlat", &digest);
}

fn decided() -> Standing {
    Standing {
        decision: Some("Regionsjukvårdsledningen 20 november 2024, § 12".into()),
        contact: Some("Ring kansliet på 010-000 00 00, eller fråga ditt processtöd.".into()),
    }
}

#[test]
fn the_first_mail_says_who_writes_and_by_whose_leave() {
    let mut digest = digest(vec![ask()]);
    digest.first = Some(decided());
    digest.page_url = Some("https://arshjul.example.org/svar/k3y_Exempel".into());
    check("forsta", &digest);
}

#[test]
fn what_is_not_known_of_the_decision_is_not_said() {
    let mut digest = digest(vec![ask(), change()]);
    digest.first = Some(Standing::default());
    let text = read(&composed(&digest).bytes).text;
    assert!(text.contains("ditt första mejl") && text.contains("står sist i den"), "{text}");
    assert!(!text.contains("Enligt beslut") && !text.contains("äkta"), "{text}");
    digest.first = None;
    assert!(!read(&composed(&digest).bytes).text.contains("ditt första mejl"));
}

/// The escalation of another body's round, or of another matter in it.
fn another(body: &str, matter: &str, silent: &str) -> Message {
    let mut message = escalation();
    message.key = Key(message.key.0.replace("rpo-medicinsk-diagnostik", body));
    message.notice.from_body = body.into();
    message.matter.object = Object::Other(matter.into());
    message.notice.rows.insert(0, ("Remiss".into(), matter.into()));
    message.notice.silent = vec![notices::silent("ledamot", body, Some(silent))];
    message
}

fn handed_over(item: &str, told: (Health, Option<Date>)) -> Message {
    let mut message = nudge();
    message.kind = MessageKind::Escalation;
    message.key = Key(format!("planen:rpo-medicinsk-diagnostik:{item}:ej-paborjad:h:dag:2025-05-05"));
    message.matter =
        Matter { object: Object::Item(item.into()), step: "ej-paborjad".into(), ..message.matter };
    message.notice.headline = format!("”{item}” är inte påbörjad");
    message.notice.subject = message.notice.headline.clone();
    message.notice.text = vec![notices::hand_over_text(3)];
    message.notice.rows = item_rows(&unit(item, item, told), date(2025, 5, 5));
    message
}

#[test]
fn whoever_stands_above_gets_one_summary() {
    let messages = vec![
        another("RPO MD", "Kunskapsstöd för rörelseorganens sjukdomar", "Bo Exempel"),
        another("RPO Ögon", "Riktlinje för grå starr", "Lo Exempel"),
        another("RPO Ögon", "Vårdförlopp hjärtsvikt", "Lo Exempel"),
        handed_over("Gemensam bildlagring", (Health::Red, Some(date(2025, 4, 17)))),
        handed_over("Digital patologi", (Health::Unknown, None)),
        reminder(),
    ];
    let digest = digest(messages);
    let text = read(&composed(&digest).bytes).text;
    assert_eq!(text.matches("har inte svarat:").count(), 1, "the sentence they share is said once\n{text}");
    assert_eq!(read(&composed(&digest).bytes).header("X-Arshjul-Keys").split(' ').count(), 6);
    check("overblick", &digest);
}

/// A question about a unit, as one of several to the same owner.
fn about_unit(id: &str, title: &str, reported: Option<Date>) -> Message {
    let mut message = nudge();
    message.key = Key(format!("planen:rpo-medicinsk-diagnostik:{id}:ej-paborjad:n1:anna:2025-05-05"));
    message.matter.object = Object::Item(id.into());
    let notice = &mut message.notice;
    notice.headline = format!("”{title}” är inte påbörjad. Vad gäller?");
    notice.subject = notice.headline.clone();
    notice.together = Some("{count} punkter är inte påbörjade. Vad gäller?".into());
    let line = unit(id, title, (Health::Unknown, reported));
    notice.rows = item_rows(&line, date(2025, 5, 5));
    notice.items = vec![line];
    message
}

#[test]
fn who_owns_several_items_is_asked_about_them_together() {
    let first = about_unit("l12~lab", "Gemensam bildlagring (Lab)", Some(date(2025, 2, 6)));
    let other = about_unit("l5", "Arbetsgrupp i radiologi", None);
    let mut digest = digest(vec![first, other]);
    let url = Some("https://arshjul.example.org/svar/tva".to_owned());
    for (_, link) in &mut digest.messages {
        link.clone_from(&url);
    }
    let mail = composed(&digest);
    assert_eq!(mail.subject, "[RPO MD] 2 punkter är inte påbörjade. Vad gäller?");
    let text = read(&mail.bytes).text;
    assert_eq!(text.matches("/svar/tva").count(), 1, "one page for both\n{text}");
    assert!(text.contains("Svara om 2 punkter") && text.contains("aldrig"), "{text}");
    check("punkter", &digest);
}

#[test]
fn a_summary_alone_is_named_in_the_subject() {
    let several = vec![another("RPO MD", "A", "Bo"), another("RPO Ögon", "B", "Lo")];
    let mail = composed(&digest(several));
    assert_eq!(mail.subject, "[RPO MD, RPO Ögon] 2 ärenden har inte fått svar");
    assert_eq!(read(&mail.bytes).header("References"), "", "it is about several matters");
}

#[test]
fn what_different_steps_asked_stays_apart() {
    let mut other = another("RPO Ögon", "B", "Lo");
    other.matter.step = "fordela".into();
    let text = read(&composed(&digest(vec![another("RPO MD", "A", "Bo"), other])).bytes).text;
    assert_eq!(text.matches("\nSvar saknas – RPO").count(), 2, "{text}");
}

#[test]
fn different_last_days_are_said_for_each() {
    let mut later = another("RPO Ögon", "B", "Lo");
    let due = date(2025, 5, 30);
    later.notice.due = Some(due);
    later.notice.text = vec![notices::escalation_text(due, "Vad säger ni?")];
    let text = read(&composed(&digest(vec![another("RPO MD", "A", "Bo"), later])).bytes).text;
    assert!(text.contains("Vad säger ni?”") && text.contains("– fre 30 maj (v. 22) –"), "{text}");
}

#[test]
fn a_paragraph_may_hold_a_list() {
    let mut message = change();
    message.notice.text = vec!["Utan ägare (2):\n* Bildlagring\n* Digital patologi".into()];
    let mail = composed(&digest(vec![message]));
    let read = read(&mail.bytes);
    assert!(read.text.contains("Utan ägare (2):\n* Bildlagring\n* Digital patologi\n"), "{}", read.text);
    assert!(read.html.contains(">Bildlagring</li>"), "{}", read.html);
}

#[test]
fn what_is_urgent_comes_first_and_leads_the_subject() {
    let mail = composed(&digest(vec![nudge(), reminder(), change(), alarm()]));
    assert_eq!(
        mail.subject,
        "[RPO MD, RSL] Larm, sista dagen är fre 13 juni (v. 24): Det samordnade remissvaret ska vara skickat – och 3 saker till"
    );
    let text = read(&mail.bytes).text;
    let at = |wanted: &str| text.find(&format!("\n{wanted} – ")).unwrap_or_else(|| panic!("no {wanted}"));
    let order = ["Larm", "Ändring", "Påminnelse", "Handlingsplanen"].map(at);
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn asks_stand_in_the_order_of_their_last_days() {
    let due = |key: &str, due| {
        let mut message = ask();
        message.key = Key(key.into());
        message.notice.headline = format!("Fråga {key}");
        message.notice.due = due;
        message
    };
    let messages = vec![due("c", None), due("b", Some(date(2025, 6, 2))), due("a", Some(date(2025, 5, 30)))];
    let mail = composed(&digest(messages));
    assert_eq!(mail.subject, "[RPO MD] 3 saker att svara på – först senast fre 30 maj (v. 22)");
    let read = read(&mail.bytes);
    assert_eq!(read.header("X-Arshjul-Keys"), "a b c");
    assert!(read.text.contains(
        "* Fråga: Fråga a – fre 30 maj (v. 22)\n* Fråga: Fråga b – mån 2 juni (v. 23)\n* Fråga: Fråga c – När du kan\n"
    ));
}

#[test]
fn a_mail_about_many_bodies_comes_from_the_organisation() {
    let about = |body: &str| {
        let mut message = nudge();
        message.key = Key(body.into());
        message.notice.from_body = body.into();
        message
    };
    let subject = |bodies: &[&str]| composed(&digest(bodies.iter().map(|b| about(b)).collect())).subject;
    assert_eq!(subject(&["RPO MD", "RPO MD"]), "[RPO MD] 2 saker att svara på");
    assert_eq!(subject(&["RPO MD", "RAG Patologi"]), "[RAG Patologi, RPO MD] 2 saker att svara på");
    assert_eq!(subject(&["A", "B", "C"]), "[Sydöstra sjukvårdsregionen] 3 saker att svara på");
}

#[test]
fn programs_are_told_that_no_human_wrote_it() {
    let mail = composed(&digest(vec![reminder()]));
    let read = read(&mail.bytes);
    assert_eq!(read.header("Auto-Submitted"), "auto-generated");
    assert_eq!(read.header("X-Auto-Response-Suppress"), "OOF, AutoReply");
    assert_eq!(read.header("List-Id"), "Sydöstra sjukvårdsregionen <arshjul.example.org>");
    assert_eq!(read.header("Content-Language"), "sv");
    assert_eq!(read.header("Date"), "Fri, 16 May 2025 08:00:00 +0200");
    assert_eq!(read.header("Message-ID"), mail.message_id);
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("arshjul@example.org", "anna@example.org"));
}

#[test]
fn a_matter_is_a_thread_and_a_digest_is_none() {
    let mut later = digest(vec![reminder()]);
    later.window = "2025-05-23T06:00:00Z".parse().unwrap();
    let [first, second] = [digest(vec![ask()]), later].map(|d| composed(&d));
    assert_ne!(first.message_id, second.message_id);
    let [first, second] = [first, second].map(|mail| read(&mail.bytes).header("References").to_owned());
    assert!(first.ends_with("@example.org>") && first == second, "{first} {second}");
    let other = composed(&digest(vec![nudge()]));
    assert_ne!(read(&other.bytes).header("References"), first);
    assert_eq!(read(&composed(&digest(vec![ask(), nudge()])).bytes).header("References"), "");
}

#[test]
fn the_same_digest_is_the_same_mail() {
    let straight = composed(&digest(vec![ask(), nudge(), change()]));
    let again = composed(&digest(vec![ask(), nudge(), change()]));
    assert_eq!(straight, again);
    let mut turned = digest(vec![ask(), nudge(), change()]);
    turned.messages.reverse();
    assert_eq!(straight, composed(&turned), "the order in which rows are read is no matter");
}

#[test]
fn every_key_survives_folding() {
    let numbered = |n: usize| {
        let mut message = ask();
        message.key = Key(format!("{}:{n}", message.key.0));
        message
    };
    let mail = composed(&digest((0..40).map(numbered).collect()));
    let found: BTreeSet<String> =
        read(&mail.bytes).header("X-Arshjul-Keys").split(' ').map(str::to_owned).collect();
    let expected: BTreeSet<String> = (0..40).map(|n| numbered(n).key.0).collect();
    assert_eq!(found, expected);
}

#[test]
fn nobody_writes_headers_or_tags_through_a_name_or_a_headline() {
    let mut message = ask();
    let evil = "Hej\r\nBcc: alla@example.org\r\n\r\n<script>alert(1)</script>";
    message.notice.headline = evil.into();
    message.notice.subject = evil.into();
    message.notice.from_body = evil.into();
    message.notice.text = vec![evil.into(), "</td></tr></table>".into()];
    message.notice.rows = vec![(evil.into(), evil.into())];
    message.notice.silent = vec![evil.into()];
    message.notice.why = evil.into();
    message.key = Key("a\r\nBcc: alla@example.org".into());
    let mut digest = digest(vec![message]);
    digest.person.name = "Anna\r\nBcc: alla@example.org\u{0}\u{7}".into();
    let mut sender = sender();
    sender.organisation = evil.into();
    sender.address = "Års\r\nBcc: x@example.org <arshjul@example.org>".into();
    sender.list_id = "a\r\nBcc: x".into();
    let mail = try_composing(&digest, &sender).unwrap();
    let read = read(&mail.bytes);
    assert_eq!(read.header("Bcc"), "");
    assert_eq!(read.header("X-Arshjul-Keys"), "a%0D%0ABcc:%20alla@example.org");
    assert!(!read.html.contains("<script>") && !read.html.contains("</table></p>"), "{}", read.html);
    assert_eq!(words(&strip_tags(&read.html)), words(&read.text));
}

#[test]
fn what_can_not_be_sent_is_told_without_the_address() {
    let refused = |change: fn(&mut Digest, &mut Sender)| {
        let (mut digest, mut sender) = (digest(vec![ask()]), sender());
        change(&mut digest, &mut sender);
        try_composing(&digest, &sender).unwrap_err().to_string()
    };
    assert_eq!(
        refused(|digest, _| digest.person.address = "åsa@example.org".into()),
        "the address of person `anna` can't be used: it has letters outside a-z, which not every mail server takes"
    );
    assert_eq!(
        refused(|digest, _| digest.person.address = "a@b>\r\nRCPT TO:<c@example.org".into()),
        "the address of person `anna` can't be used: it is no mail address"
    );
    assert_eq!(
        refused(|_, sender| sender.address = "arshjul".into()),
        "the address of the sender can't be used: it is no mail address"
    );
    assert!(refused(|_, sender| sender.reply_to = Some("x".into())).contains("the reply address"));
    assert!(refused(|digest, _| digest.messages.clear()).contains("without messages"));
    for url in ["javascript:alert(1)", "https://example.org/\"onclick", "https://example.org/a b", "/svar/1"]
    {
        let mut digest = digest(vec![ask()]);
        digest.messages[0].1 = Some(url.into());
        assert!(matches!(try_composing(&digest, &sender()), Err(ComposeError::Link)), "{url}");
    }
}

#[test]
fn without_an_answer_page_the_answer_comes_by_mail() {
    let mut digest = digest(vec![ask()]);
    digest.messages[0].1 = None;
    let text = read(&composed(&digest).bytes).text;
    assert!(text.contains("”Avstår” eller ”Behöver mer tid”. Svara genom att svara på mejlet."), "{text}");
    assert!(!text.contains("Svarslänkarna"), "{text}");
}

/// Text as people and office programs make it, and as they shouldn't.
fn anything() -> impl Strategy<Value = String> {
    proptest::prop_oneof![any::<String>(), "[a-zåäö ,:<>\"\\\\\r\n\u{0}-\u{7f}]{0,300}", "[åäö🙂]{0,200}"]
}

proptest! {
    #[test]
    fn no_text_breaks_a_mail(
        name in anything(), headline in anything(), subject in anything(), body in anything(),
        paragraph in anything(), label in anything(), organisation in anything(), key in ".{0,120}",
        list_id in anything(), second in any::<i64>(), count in 1_usize..4,
    ) {
        let mut message = ask();
        message.notice.headline = headline;
        message.notice.subject = subject;
        message.notice.from_body = body;
        message.notice.text = vec![paragraph.clone(), label.clone()];
        message.notice.rows = vec![(label.clone(), paragraph)];
        message.notice.answers = vec![answer("x", &label)];
        message.notice.silent = vec![label];
        message.key = Key(key);
        let mut digest = digest(vec![message; count]);
        digest.person.name = name;
        digest.window = jiff::Timestamp::from_second(second % 60_000_000_000).unwrap();
        let mut sender = sender();
        sender.organisation = organisation;
        sender.list_id = list_id;
        let mail = try_composing(&digest, &sender).unwrap();
        let read = read(&mail.bytes);
        let names: BTreeSet<&str> = read.headers.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(names.len(), read.headers.len(), "a header came twice");
        prop_assert_eq!(names.len(), 13 + usize::from(count == 1), "{:?}", names);
        prop_assert_eq!(read.header("Subject").trim(), mail.subject.trim());
        prop_assert!(mail.subject.chars().count() < 120);
        prop_assert_eq!(read.header("X-Arshjul-Keys").split_whitespace().count() % count, 0);
    }
}
