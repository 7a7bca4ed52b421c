//! An organisation's own mail templates.

use std::io;
use std::path::Path;

use crate::fault::{Fault, Faults};
use crate::grammar::SourceFile;
use crate::mail::compose::{TEMPLATES, Templates};

/// The templates of mails: this program's, with those of `folder` in place of the ones of the same name.
///
/// # Errors
/// When the folder holds none of them or can't be read; every fault of those in it.
pub fn load(folder: Option<&Path>) -> Result<Templates, Faults> {
    Templates::with(&folder.map_or_else(|| Ok(Vec::new()), read)?)
}

/// Checks the templates of `folder`. Says how many there are.
///
/// # Errors
/// As [`load`].
pub fn check(folder: Option<&Path>) -> Result<usize, Faults> {
    let files = folder.map_or_else(|| Ok(Vec::new()), read)?;
    Templates::with(&files).map(|_| files.len())
}

fn read(folder: &Path) -> Result<Vec<SourceFile>, Faults> {
    let mut files = Vec::new();
    let mut faults = Vec::new();
    for name in TEMPLATES {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push(SourceFile::new(path.to_string_lossy(), text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => faults.push(unreadable(&path, &format!("the template can't be read: {error}"))),
        }
    }
    if files.is_empty() && faults.is_empty() {
        let what = format!("there is neither {} in it", TEMPLATES.join(" nor "));
        faults.push(
            unreadable(folder, &what).suggest("correct `templates` in arshjul.toml or ARSHJUL_TEMPLATES"),
        );
    }
    Faults::unless_none(faults, files)
}

fn unreadable(path: &Path, what: &str) -> Fault {
    Fault::new(&path.to_string_lossy(), (1, 1), "unreadable", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let said =
            check(Some(folder.path())).map_or_else(|faults| faults.to_string(), |n| format!("{n} good"));
        said.replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn the_shipped_ones_are_good_in_place_of_themselves() {
        let text = include_str!("../mail/templates/mail.txt");
        let html = include_str!("../mail/templates/mail.html");
        assert_eq!(faults(&[("mail.txt", text), ("mail.html", html)]), "2 good");
        assert_eq!(
            faults(&[("mail.txt", "{{ greeting }}\n{% for n in range(2) %}{{ n }}{% endfor %}")]),
            "1 good"
        );
    }

    #[test]
    fn an_unknown_field_is_told_with_its_line_and_a_suggestion() {
        assert_eq!(
            faults(&[("mail.txt", "{{ greeting }}\n{{ haeding }}\n")]),
            "mail.txt:2:1: unknown field `haeding`, did you mean `heading`?"
        );
        assert_eq!(
            faults(&[("mail.txt", "{{ first.headding }}")]),
            "mail.txt:1:1: unknown field `first.headding`, did you mean `heading`?"
        );
        assert_eq!(
            faults(&[("mail.html", "x\n{% for s in sections %}\n{{ s.healine }}{% endfor %}")]),
            "mail.html:3:1: unknown field `healine` of `s`, did you mean `headline`?"
        );
        let all = faults(&[("mail.txt", "{{ namn }}")]);
        assert!(all.contains("unknown field `namn`") && all.contains("`greeting`"), "{all}");
    }

    #[test]
    fn what_only_some_mails_have_must_be_asked_for() {
        let said = faults(&[("mail.txt", "{% for s in sections %}\n{{ s.link.url }}\n{% endfor %}")]);
        assert!(said.starts_with("mail.txt:2:1: a field here is missing in some mails, ask"), "{said}");
    }

    #[test]
    fn a_slip_of_syntax_is_told_with_its_line() {
        let said = faults(&[("mail.txt", "a\n{% if heading %}\n"), ("mail.html", "{{ greeting|caps }}")]);
        assert!(said.contains("mail.txt:") && said.contains("mail.html:1:1: "), "{said}");
        assert!(faults(&[]).contains("neither mail.txt nor mail.html"));
    }
}
