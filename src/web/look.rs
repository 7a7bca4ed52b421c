//! The frame around every page, and how its templates are filled.
//!
//! Templates hold structure, [`crate::text`] the words. Every value is escaped; the only text taken as it is are
//! the marks drawn here and a page's own body within its frame.

use std::collections::BTreeMap;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, context, escape_formatter};
use serde::Serialize;

use crate::text::answers;
use crate::text::web::WORDS;

const STYLESHEET: &str = include_str!("templates/stil.css");

/// What every surface has.
const SHARED: &[(&str, &str)] = &[
    ("frame.html", include_str!("templates/frame.html")),
    ("occasions.html", include_str!("templates/occasions.html")),
    ("said.html", include_str!("templates/said.html")),
    ("field.html", include_str!("templates/field.html")),
    ("address.html", include_str!("templates/address.html")),
];

const TEMPLATES: &[(&str, &str)] = &[
    ("home.html", include_str!("templates/home.html")),
    ("subscribe.html", include_str!("templates/subscribe.html")),
    ("subscribe-one.html", include_str!("templates/subscribe-one.html")),
    ("year.html", include_str!("templates/year.html")),
    ("answer.html", include_str!("templates/answer.html")),
    ("over.html", include_str!("templates/over.html")),
    ("own.html", include_str!("templates/own.html")),
];

/// What stands above every page of an installation that isn't an ordinary one.
#[derive(Clone, Debug, Serialize)]
pub struct Around {
    /// What it is, to a screen reader: "Demonstration".
    pub label: String,
    /// What visitors must know: "Påhittade personer och möten."
    pub note: String,
    /// Where else they can go.
    pub links: Vec<Link>,
}

/// A link with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// What the frame must know of the page in it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    /// The page's title.
    pub title: String,
    /// What the whole is called.
    pub organisation: String,
    /// The year that the menu leads to.
    pub year: i16,
    /// Which entry of the menu the page is: `home`, `year`, `subscribe`.
    pub here: &'static str,
    /// A page of one person: no robot lists it.
    pub private: bool,
    /// What the page says of itself at its foot.
    pub foot: &'static str,
    /// A wide page: a list beside what is read.
    pub wide: bool,
}

/// The templates, parsed once.
#[derive(Debug)]
pub struct Look {
    environment: Environment<'static>,
    around: Option<Around>,
}

impl Look {
    /// The templates this program was built with.
    #[must_use]
    pub fn new(around: Option<Around>) -> Self {
        Self::with(TEMPLATES, answers::WORDS, around)
    }

    /// The frame and the `templates` of another surface, with its own words besides those of the frame.
    #[must_use]
    pub fn with(
        templates: &[(&'static str, &'static str)],
        words: &'static [(&'static str, &'static str)],
        around: Option<Around>,
    ) -> Self {
        let mut environment = Environment::new();
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(escape);
        // A field that a template misspells must not become a hole in a page.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let all: BTreeMap<&str, &str> = WORDS.iter().chain(words).copied().collect();
        environment.add_global("t", Value::from(all));
        environment.add_filter("occasions", occasions);
        environment.add_filter("field", field);
        environment.add_filter("address", address);
        environment.add_filter("weeks", weeks);
        environment.add_filter("mark", |name: String| Value::from_safe_string(mark(&name)));
        for (name, template) in SHARED.iter().chain(templates) {
            if let Err(error) = environment.add_template(name, template) {
                // Never in a program whose tests have passed; a page that needs it then says that it failed.
                tracing::error!(%error, template = name, "a template is faulty");
            }
        }
        Self { environment, around }
    }

    /// A whole page.
    ///
    /// # Errors
    /// Never for a program whose tests have passed: they render every template.
    pub fn page(
        &self,
        frame: &Frame,
        template: &str,
        view: &impl Serialize,
    ) -> Result<String, minijinja::Error> {
        let inner = context! { v => Value::from(Serde(view)) };
        let content = self.environment.get_template(template)?.render(inner)?;
        let frame = context! {
            frame => Value::from(Serde(frame)),
            around => Value::from(Serde(&self.around)),
            content => Value::from_safe_string(content),
        };
        self.environment.get_template("frame.html")?.render(frame)
    }
}

/// `GET /stil.css`.
pub async fn stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, STYLESHEET).into_response()
}

/// Escapes all but what is marked as safe. As the engine's own, but leaves slashes: they need no escaping, and an
/// address should stand in a page as it stands anywhere else.
fn escape(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_safe() || *state.auto_escape() != AutoEscape::Html {
        return escape_formatter(out, state, value);
    }
    Ok(out.write_str(&escaped(&value.to_string()))?)
}

fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            plain => written.push(plain),
        }
    }
    written
}

/// A list of occasions, their titles as headings of `level`: the same on every page.
fn occasions(state: &State<'_, '_>, list: Value, level: u8) -> Result<Value, minijinja::Error> {
    let written = state.env().get_template("occasions.html")?.render(context! { list, level })?;
    Ok(Value::from_safe_string(written))
}

/// A field of a form: the same wherever it stands.
fn field(state: &State<'_, '_>, field: Value) -> Result<Value, minijinja::Error> {
    let written = state.env().get_template("field.html")?.render(context! { field })?;
    Ok(Value::from_safe_string(written))
}

/// A feed's address with how each program takes it: the same for public feeds and for one's own.
fn address(state: &State<'_, '_>, added: Value) -> Result<Value, minijinja::Error> {
    let written = state.env().get_template("address.html")?.render(context! { added })?;
    Ok(Value::from_safe_string(written))
}

/// A date in which "(v. 7)" is not parted at a line's end. Any other text is merely escaped.
fn weeks(said: String) -> Value {
    let mut written = escaped(&said);
    if let Some((before, rest)) = written.split_once("(v. ")
        && let Some((week, after)) = rest.split_once(')')
    {
        written = format!("{before}<span class=\"nb\">(v. {week})</span>{after}");
    }
    Value::from_safe_string(written)
}

/// The marks beside words: each has a form of its own, since some readers don't see its colour. Drawn, because
/// the machine's fonts show letters for them differently. Never the only bearer of what they mean.
fn mark(name: &str) -> String {
    let drawing = match name {
        "gron" => "<circle cx=\"8\" cy=\"8\" r=\"8\"/><path class=\"sign\" d=\"M4 8.3l2.8 2.8L12 5.6\"/>",
        "gul" => "<path d=\"M8 .8L15.8 15H.2z\"/><path class=\"sign\" d=\"M8 6v4.2M8 12.4v.4\"/>",
        "rod" => "<path d=\"M8 0l8 8-8 8-8-8z\"/><path class=\"sign\" d=\"M5.5 5.5l5 5M10.5 5.5l-5 5\"/>",
        _ => "<circle class=\"ring\" cx=\"8\" cy=\"8\" r=\"6.8\"/><path class=\"sign\" d=\"M4.8 8h6.4\"/>",
    };
    format!(
        "<svg class=\"mark {name}\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" \
         focusable=\"false\">{drawing}</svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_good() {
        let look = Look::new(None);
        for (name, _) in SHARED.iter().chain(TEMPLATES) {
            assert!(look.environment.get_template(name).is_ok(), "{name}");
        }
        let said = super::super::error::Said { title: "Tack", ..Default::default() };
        let page = look.page(&Frame::default(), "said.html", &said).unwrap();
        assert!(page.contains("<h1>Tack</h1>"));
    }

    #[test]
    fn what_others_wrote_stays_text() {
        let look = Look::new(None);
        let link = Some(Link::new("/a/b?c=\"&d='", "<b>å</b>"));
        let said = super::super::error::Said { title: "1 < 2", link, ..Default::default() };
        let page = look.page(&Frame::default(), "said.html", &said).unwrap();
        assert!(page.contains("<h1>1 &lt; 2</h1>"));
        assert!(page.contains("<a href=\"/a/b?c=&quot;&amp;d=&#39;\">&lt;b&gt;å&lt;/b&gt;</a>"));
    }

    #[test]
    fn a_week_is_not_parted() {
        let said = weeks("3–28 mars (v. 10–13), <b>".to_owned());
        assert_eq!(said.to_string(), "3–28 mars <span class=\"nb\">(v. 10–13)</span>, &lt;b&gt;");
        assert_eq!(weeks("i dag".to_owned()).to_string(), "i dag");
    }

    #[test]
    fn a_field_that_is_not_there_is_a_fault() {
        let look = Look::with(&[("x.html", "{{ v.saknas }}")], &[], None);
        let said = super::super::error::Said::default();
        assert!(look.page(&Frame::default(), "x.html", &said).is_err());
    }
}
