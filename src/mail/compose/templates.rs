//! The two forms of a mail, embedded: structure only, the words come from the catalogue.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};

use super::ComposeError;
use super::view::View;

/// The templates, parsed once.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// The templates this program was built with.
    ///
    /// # Errors
    /// Never for a program whose tests have passed: they parse and render them.
    pub fn embedded() -> Result<Self, ComposeError> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        // A field that a template misspells must not become a hole in a mail.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_filter("address", |url: String| Value::from_safe_string(url.replace('&', "&amp;")));
        // The name's ending decides whether values are escaped.
        environment.add_template("mail.html", include_str!("../templates/mail.html"))?;
        environment.add_template("mail.txt", include_str!("../templates/mail.txt"))?;
        Ok(Self(environment))
    }

    /// The plain text and the HTML of a mail.
    pub(super) fn render(&self, view: &View) -> Result<(String, String), ComposeError> {
        let view = Value::from(Serde(view));
        let text = self.0.get_template("mail.txt")?.render(view.clone())?;
        let html = self.0.get_template("mail.html")?.render(view)?;
        Ok((text, html))
    }
}
