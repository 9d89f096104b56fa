//! Texts for people with expressions in them: minijinja proper, over the same names as components' templates.

use super::expression::Expression;
use super::scope::{Log, Scope};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use std::sync::LazyLock;
use syntax::{Diagnostic, Diagnostics, OriginId, Origins, Span, Text};

/// Steps that a text may take before it counts as runaway.
const FUEL: u64 = 10_000_000;

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_fuel(Some(FUEL));
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).lstrip_blocks(true);
    // The default delimiters are never refused.
    if let Ok(syntax) = syntax.keep_trailing_newline(true).build() {
        engine.set_syntax(syntax);
    }
    super::filters::register(&mut engine);
    engine
});

/// A text with expressions, as a file holds it.
#[derive(Clone, Debug)]
pub struct TextTemplate {
    text: Text,
    span: Span,
    origin: OriginId,
}

impl TextTemplate {
    /// A text of a file. It is read by the engine when it is rendered.
    #[must_use]
    pub fn new(text: Text, span: Span, origin: OriginId) -> Self {
        TextTemplate { text, span, origin }
    }

    /// Reports what the engine can't read.
    pub fn check(&self, found: &mut Diagnostics) {
        if let Err(error) = ENGINE.template_from_str(&self.text) {
            found.add(self.unreadable(&error));
        }
    }

    fn unreadable(&self, error: &Error) -> Diagnostic {
        let place = line(&self.text, self.span, error).map_or(self.span, |(span, _)| span);
        Diagnostic::error("expression-syntax", super::expression::describe(error))
            .at(place, "in this line")
            .help("a literal brace pair is written `{{ '{{' }}`, a longer text between `{% raw %}` and `{% endraw %}`")
    }

    /// The text as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.text
    }

    /// The text for a cluster and what it was made of; `None` where something is wrong with it, which is reported.
    pub fn render(
        &self,
        scope: &Scope,
        origins: &mut Origins,
        found: &mut Diagnostics,
    ) -> Option<(String, Vec<OriginId>)> {
        let log = Log::default();
        let template = match ENGINE.template_from_str(&self.text) {
            Ok(template) => template,
            Err(error) => {
                found.add(self.unreadable(&error));
                return None;
            }
        };
        match template.render(scope.root(&log)) {
            Ok(text) => {
                let mut reads = vec![self.origin];
                reads.extend(log.take());
                Some((text, reads))
            }
            Err(error) => {
                found.add(self.problem(&error, scope, origins));
                None
            }
        }
    }

    /// What went wrong, at the expression that did.
    fn problem(&self, error: &Error, scope: &Scope, origins: &mut Origins) -> Diagnostic {
        let (place, written) = line(&self.text, self.span, error).unwrap_or((self.span, ""));
        let mut rest = written;
        while let Some((_, after)) = rest.split_once("{{") {
            let Some((inside, tail)) = after.split_once("}}") else {
                break;
            };
            let inside = inside.trim_matches('-').trim();
            let start = written.find(inside).unwrap_or(0);
            let at = within(place, start, inside.len());
            let outcome = Expression::parse(inside, at)
                .map(|expression| expression.eval(scope, &Log::default(), origins));
            if let Ok(Err(problem)) = outcome {
                let finding = Diagnostic::error("expression", problem.message).at(at, "");
                return match problem.help {
                    Some(help) => finding.help(help),
                    None => finding,
                };
            }
            rest = tail;
        }
        Diagnostic::error("expression", super::expression::describe(error))
            .at(place, "in this line")
    }
}

/// The line that an error is about: its place, and what is written there.
fn line<'t>(text: &'t str, whole: Span, error: &Error) -> Option<(Span, &'t str)> {
    let number = error.line()?;
    let before: usize = text
        .split_inclusive('\n')
        .take(number.checked_sub(1)?)
        .map(str::len)
        .sum();
    let written = text.get(before..)?.lines().next()?;
    Some((within(whole, before, written.len()), written))
}

/// A part of a place.
fn within(place: Span, start: usize, length: usize) -> Span {
    let offset = |n: usize| {
        place
            .start
            .saturating_add(u32::try_from(n).unwrap_or(u32::MAX))
    };
    Span {
        file: place.file,
        start: offset(start),
        end: offset(start + length),
    }
}
