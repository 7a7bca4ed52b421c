//! `days`.

use std::io::Write;

use super::{CliError, Context, DaysArgs, Done, Exit};
use crate::calendar;

pub(super) fn days(context: &Context<'_>, args: &DaysArgs, out: &mut dyn Write) -> Done {
    if args.to < args.from {
        return Err(CliError::Usage(format!("--to {} lies before --from {}", args.to, args.from)));
    }
    let quiet = context.config()?.quiet;
    let mut lines = std::io::BufWriter::new(out);
    for day in calendar::days(args.from, args.to, &quiet) {
        serde_json::to_writer(&mut lines, &day).map_err(std::io::Error::from)?;
        lines.write_all(b"\n")?;
    }
    lines.flush()?;
    Ok(Exit::Success)
}
