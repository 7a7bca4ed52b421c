//! `feed`.

use std::io::Write;

use jiff::civil::Date;

use super::planning::midnight;
use super::{CliError, Context, Done, Exit, FeedArgs, linting};
use crate::app::files;
use crate::calendar::today;
use crate::ical::feeds;
use crate::ical::private::{Reader, Stock};
use crate::ids::BodyId;
use crate::plan::model::Facts;
use crate::plan::occasions::occasions;
use crate::rules::Rules;
use crate::store::{Access, Store, StoredOccasion};

pub(super) async fn feed(context: &Context<'_>, args: &FeedArgs, out: &mut (dyn Write + Send)) -> Done {
    if let Some(source) = &args.lint {
        return linting::judge(source, args.format, out).await;
    }
    let config = context.config()?;
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    let names = feeds::feed_names(&rules.organisation, &rules.workflows);
    let Some(name) = &args.name else {
        for (name, _) in names {
            writeln!(out, "{name}")?;
        }
        return Ok(Exit::Success);
    };
    let Some((name, title)) = names.iter().find(|(n, _)| n.as_str() == name) else {
        let advice = crate::grammar::advise(name, names.iter().map(|(n, _)| n.as_str()));
        let advice = advice.map(|a| format!(", {a}")).unwrap_or_default();
        return Err(CliError::Refused(format!("there is no feed `{name}`{advice}")));
    };
    let as_of = args.as_of.unwrap_or_else(|| today(context.clock.now()));
    let body = BodyId::new(name.as_str());
    if args.group.is_some() && !rules.organisation.bodies.contains_key(&body) {
        return Err(CliError::Refused(format!("`{name}` is a theme; groups belong to a body")));
    }
    let stored = match config.database.existing() {
        true => stored(&Store::open(&config.database, Access::Beside).await?, &rules, as_of).await?,
        false => unstored(&rules, &Facts::default(), as_of),
    };
    let revised =
        stored.into_iter().map(|o| (o.occasion, u32::try_from(o.sequence).unwrap_or(0), o.changed_at));
    let (organisation, workflows, public_url) =
        (&rules.organisation, &rules.workflows, config.public_url.as_str());
    let bytes = match &args.group {
        None => feeds::render((name, title), organisation, workflows, revised, as_of, public_url),
        Some(group) => {
            let reader = Reader::Group { body: &body, group };
            let stock = Stock { organisation, workflows, as_of, public_url };
            stock.render(reader, &format!("{body}-{group}"), false, revised)
        }
    };
    out.write_all(&bytes)?;
    Ok(Exit::Success)
}

/// The occasions that the store knows; before its first plan, those that files and facts come to.
async fn stored(store: &Store, rules: &Rules, as_of: Date) -> Result<Vec<StoredOccasion>, CliError> {
    Ok(match store.planned_mark().await? {
        Some(_) => store.occasions().await?,
        None => unstored(rules, &store.facts().await?, as_of),
    })
}

/// The occasions where no store knows how they have changed: the first of their revisions, as of the day asked for.
fn unstored(rules: &Rules, facts: &Facts, as_of: Date) -> Vec<StoredOccasion> {
    let (from, until) = feeds::horizon(as_of);
    let found = occasions(&rules.world(facts), from, until);
    let stored = found.into_iter().map(|occasion| StoredOccasion {
        occasion,
        sequence: 0,
        changed_at: midnight(as_of),
        orphaned: false,
    });
    stored.collect()
}
