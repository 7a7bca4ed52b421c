//! `status`, `doctor`, `send-test`, `backup` and `restore`.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::{CliError, Context, Done, Exit};
use crate::app::{self, files};
use crate::calendars::label;
use crate::mail::compose::{Digest, compose};
use crate::mail::transport::{Envelope, Outcome};
use crate::people::Person;
use crate::plan::model::{Key, Matter, Message, MessageKind, Notice, Object};
use crate::store::{Access, MetaKey, Store};
use crate::text::notices;

pub(super) async fn status(context: &Context<'_>, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    if !config.database.existing() {
        writeln!(out, "no database yet; `arshjul serve` or `arshjul import` makes one")?;
        return Ok(Exit::No);
    }
    let store = Store::open(&config.database, Access::Beside).await?;
    let beat = store.meta_get(MetaKey::HEARTBEAT).await?;
    if let Some(why) = store.meta_get(MetaKey::HELD).await? {
        writeln!(out, "nothing is sent until `arshjul start allt`: {why}")?;
    }
    writeln!(out, "last knock: {}", beat.as_deref().unwrap_or("never"))?;
    let facts = store.facts().await?;
    writeln!(
        out,
        "people: {}, terms of office: {}, items: {}, answers: {}",
        facts.people.persons.len(),
        facts.people.holders.len(),
        facts.items.len(),
        facts.answers.len()
    )?;
    writeln!(
        out,
        "open requests with an arrangement: {}, absences: {}, occasions by hand: {}, matters listed: {}",
        facts.arrangements.len(),
        facts.people.absences.len(),
        facts.opened.len(),
        facts.listed.iter().filter(|listed| !listed.withdrawn).count()
    )?;
    let counts = store.counts().await?;
    for (state, n) in &counts.messages {
        writeln!(out, "messages {state}: {n}")?;
    }
    for (reason, n) in &counts.skipped {
        writeln!(out, "  passed over, {reason}: {n}")?;
    }
    for (state, n) in &counts.mails {
        writeln!(out, "mails {state}: {n}")?;
    }
    writeln!(out, "attempts whose end is not known: {}", counts.ambiguous)?;
    writeln!(out, "occasions whose workflow is gone: {}", counts.orphaned)?;
    for source in store.sources().await? {
        let state = super::calendar::state(&source);
        writeln!(out, "calendar {}: {state}", label(&source.name))?;
    }
    for (week, people) in &store.held_back().await? {
        for (person, keys) in people {
            let name = facts.people.persons.get(person).map_or(person.as_str(), |p| p.name.as_str());
            let n = keys.len();
            writeln!(out, "held back in {week}, {name} had got the most mails of a week: {n} messages")?;
        }
    }
    if let Some(next) = store.next_moment().await? {
        writeln!(out, "next moment: {}", crate::calendar::rfc3339(next))?;
    }
    store.close().await;
    Ok(Exit::Success)
}

/// Looks at everything that must be right before a mail leaves, and says of each what to do if it isn't.
pub(super) async fn doctor(context: &Context<'_>, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let mut well = true;
    let mut say = |good: bool, what: &str| {
        well &= good;
        writeln!(out, "{} {what}", if good { "ok  " } else { "MEND" })
    };
    match files::load(config.workflows.as_deref(), config.quiet.clone()) {
        Ok(rules) => say(
            true,
            &format!(
                "files: {} workflows, {} bodies",
                rules.workflows.0.len(),
                rules.organisation.bodies.len()
            ),
        )?,
        Err(faults) => say(false, &format!("files have {} faults; see `arshjul check`", faults.len()))?,
    }
    match app::templates::check(config.templates.as_deref()) {
        Ok(own) => say(true, &format!("mail templates: {own} of your own"))?,
        Err(faults) => say(false, &format!("mail templates: {faults}"))?,
    }
    match config.cannot_send() {
        Some(why) => say(false, why)?,
        None => say(true, "a sender and a way out for mail are configured")?,
    }
    if config.public_url.starts_with("http://127.") || config.public_url.starts_with("http://localhost") {
        say(
            false,
            "links in mails lead to this machine only; set ARSHJUL_PUBLIC_URL to the address people reach",
        )?;
    } else {
        say(true, &format!("links in mails begin with {}", config.public_url))?;
    }
    if config.database.existing() {
        let store = Store::open(&config.database, Access::Beside).await?;
        match store.check_integrity().await {
            Ok(()) => say(true, "the database is sound")?,
            Err(error) => say(false, &error.to_string())?,
        }
        for source in store.sources().await? {
            let well = source.failing(context.clock.now()).is_none();
            say(well, &format!("calendar {}: {}", label(&source.name), super::calendar::state(&source)))?;
        }
        let facts = store.facts().await?;
        let holders = facts.people.holders.len();
        say(holders > 0, &format!("{holders} terms of office; `arshjul import people.csv` takes them over"))?;
        let started = matches!(&facts.starts, crate::plan::model::Starts::Each(each) if !each.is_empty());
        say(
            started,
            if started { "something has been started" } else { "everything is silent until `arshjul start`" },
        )?;
        store.close().await;
    } else {
        say(false, "there is no database yet; `arshjul import people.csv` makes one")?;
    }
    Ok(if well { Exit::Success } else { Exit::No })
}

pub(super) async fn send_test(context: &Context<'_>, address: &str, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let Some(outgoing) = app::outgoing(&config, &rules.organisation.title)? else {
        return Err(CliError::Refused(config.cannot_send().unwrap_or_default().to_owned()));
    };
    let now = context.clock.now();
    let person = Person { id: "prov".into(), name: String::new(), address: address.to_owned() };
    let digest = Digest {
        person,
        messages: vec![(test_message(now), None)],
        window: now,
        page_url: None,
        first: None,
    };
    let mail = compose(&digest, &outgoing.sender, &outgoing.templates).map_err(app::AppError::from)?;
    let envelope = Envelope { from: mail.from, to: vec![mail.to] };
    let outcome = outgoing.transport.deliver(&envelope, &mail.message_id, &mail.bytes).await;
    outgoing.transport.close().await;
    let (exit, line) = match outcome {
        Outcome::Delivered { reply } => (Exit::Success, format!("taken: {reply}")),
        Outcome::Rejected { reply, .. } => (Exit::No, format!("refused for good: {reply}")),
        Outcome::Deferred { reply, .. } => (Exit::No, format!("not now: {reply}")),
        Outcome::RelayFault { reply } => (Exit::No, format!("the relay takes nothing: {reply}")),
        Outcome::Unknown { what } => (Exit::No, format!("perhaps taken, nobody said: {what}")),
    };
    writeln!(out, "{line}")?;
    Ok(exit)
}

fn test_message(now: jiff::Timestamp) -> Message {
    Message {
        key: Key(format!("prov:-:-:prov:0:prov:{}", crate::calendar::today(now))),
        at: now,
        expires: None,
        urgent: true,
        kind: MessageKind::Tell,
        matter: Matter {
            workflow: "prov".into(),
            body: None,
            object: Object::Item("prov".to_owned()),
            step: "prov".into(),
        },
        role: String::new(),
        to: None,
        notice: Notice {
            from_body: notices::NO_BODY.to_owned(),
            subject: notices::TEST_SUBJECT.to_owned(),
            headline: notices::TEST_SUBJECT.to_owned(),
            text: vec![notices::TEST_TEXT.to_owned()],
            rows: Vec::new(),
            due: None,
            answers: Vec::new(),
            silent: Vec::new(),
            why: notices::TEST_WHY.to_owned(),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    }
}

pub(super) async fn backup(context: &Context<'_>, file: &Path, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    if config.database.file().is_none() {
        return Err(CliError::Refused(
            "a server's database is backed up with its own tools, such as pg_dump".to_owned(),
        ));
    }
    if !config.database.existing() {
        return Err(CliError::Refused("there is no database to back up".to_owned()));
    }
    if file.exists() {
        return Err(CliError::Refused(format!("{} exists already", file.display())));
    }
    let store = Store::open(&config.database, Access::Beside).await?;
    store.backup_to(file).await?;
    store.close().await;
    writeln!(out, "wrote {}", file.display())?;
    Ok(Exit::Success)
}

/// Puts a backup in place. The database that was there is kept beside it, and the restored one is silent: what
/// was sent since the backup is not in it, so it must not send before somebody has looked.
pub(super) async fn restore(context: &Context<'_>, file: &Path, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    let Some(target) = config.database.file() else {
        return Err(CliError::Refused(
            "a server's database is restored with its own tools, such as pg_restore".to_owned(),
        ));
    };
    let backup = crate::store::Location::parse(&file.to_string_lossy())?;
    if !backup.existing() {
        return Err(CliError::Refused(format!("there is no {}", file.display())));
    }
    // Opened as a sender so that nobody else is sending from either.
    let source = Store::open(&backup, Access::Sender).await?;
    source.check_integrity().await?;
    source.close().await;
    if target.exists() {
        let current = Store::open(&config.database, Access::Sender).await?;
        current.close().await;
        let kept = target.with_extension("before-restore.db");
        fs::rename(target, &kept)?;
        for ending in ["-wal", "-shm"] {
            let beside = |path: &Path| {
                let mut name = path.as_os_str().to_owned();
                name.push(ending);
                std::path::PathBuf::from(name)
            };
            if beside(target).exists() {
                fs::rename(beside(target), beside(&kept))?;
            }
        }
        writeln!(out, "the database that was there is kept as {}", kept.display())?;
    }
    fs::copy(file, target)?;
    let restored = Store::open(&config.database, Access::Sender).await?;
    restored.meta_put(MetaKey::HELD, Some("restored from a backup")).await?;
    restored.close().await;
    writeln!(out, "restored; nothing is sent until you say `arshjul start allt`")?;
    Ok(Exit::Success)
}
