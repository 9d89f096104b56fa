//! Rules on trial: does each find what its page says it finds, and nothing where the page says so?

use super::page::{Example, Verdict};
use super::rule::Rule;
use super::{Exceptions, OwnRule, View, cluster, platform};
use crate::lower::{self, Cx};
use crate::resolve::cluster::resolve_cluster;
use crate::validate;
use crate::world::World;
use model::object::ObjectId;
use syntax::{Diagnostics, Node, Origins};

/// What came of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// How many of its bad examples it found.
    pub fired: usize,
    /// What is wrong with its page or with it, in words; empty where all is well.
    pub wrong: Vec<String>,
}

/// Tries a rule on the examples of its page; `world` holds the files of one beside the library.
pub fn rule<'w>(rule: &Rule, world: &dyn Fn(&Example<'_>) -> Box<dyn World + 'w>) -> Trial {
    let page = rule.page();
    let mut trial = Trial::default();
    for example in &page.examples {
        let found = match found(rule, &*world(example)) {
            Ok(found) => found,
            Err(problem) => {
                let problem = format!("an example of its page does not build: {problem}");
                trial.wrong.push(problem);
                continue;
            }
        };
        match (example.verdict, found) {
            (Verdict::Found, 0) => trial.wrong.push("stays silent on a bad example".to_owned()),
            (Verdict::Found, _) => trial.fired += 1,
            (Verdict::NotFound, 0) => {}
            (Verdict::NotFound, _) => trial.wrong.push("speaks of a good example".to_owned()),
        }
    }
    for (verdict, missing) in [
        (Verdict::Found, "its page has no bad example"),
        (Verdict::NotFound, "its page has no good example"),
    ] {
        if !page.examples.iter().any(|it| it.verdict == verdict) {
            trial.wrong.push(missing.to_owned());
        }
    }
    trial
}

/// Tries a project's own rule on the objects of its examples.
#[must_use]
pub fn own(rule: &OwnRule) -> Trial {
    let mut trial = Trial::default();
    let examples = |key: &str| {
        rule.node
            .at(&["examples", key])
            .map_or(&[][..], Node::items)
    };
    for object in examples("found") {
        match rule.judge_with_pods(object).is_empty() {
            false => trial.fired += 1,
            true => trial
                .wrong
                .push(format!("stays silent on a bad example: {}", title(object))),
        }
    }
    for object in examples("notFound") {
        if let Some(broken) = rule.judge_with_pods(object).first() {
            let message = &broken.message;
            let wrong = format!("speaks of a good example: {}: {message}", title(object));
            trial.wrong.push(wrong);
        }
    }
    trial
}

/// What an object of an example is called.
fn title(object: &Node) -> String {
    ObjectId::of(object).map_or_else(
        || "it has no kind or no name".to_owned(),
        |id| id.to_string(),
    )
}

/// How much a rule finds in a project, whatever the project says of it.
fn found(rule: &Rule, world: &dyn World) -> Result<usize, String> {
    let mut wrong = Diagnostics::default();
    let front = crate::front(world, "platform.yaml", &mut wrong);
    let Some(whole) = front.platform.filter(|_| !wrong.has_errors()) else {
        return Err(first(&wrong));
    };
    let mut judged = Diagnostics::default();
    let mut exceptions = Exceptions::default();
    platform(std::iter::once(rule), &whole, &mut exceptions, &mut judged);
    for spec in &whole.clusters {
        let mut origins = Origins::extending(&whole.origins);
        let resolved = resolve_cluster(&whole, spec, &mut origins, &mut wrong);
        let mut cx = Cx::new(&mut origins, &mut wrong, &whole.templates);
        let units = lower::lower(&resolved, &mut cx);
        validate::validate(&resolved, &mut cx);
        if cx.found.has_errors() {
            return Err(first(cx.found));
        }
        let view = View::new(&resolved, &units, &cx.objects, &cx.documents, cx.origins);
        cluster(
            std::iter::once(rule),
            &[],
            &view,
            &mut exceptions,
            &mut judged,
        );
    }
    Ok(judged.iter().filter(|found| found.id == rule.id).count())
}

fn first(found: &Diagnostics) -> String {
    let sorted = found.clone().sorted();
    let error = sorted
        .iter()
        .find(|it| it.severity == syntax::Severity::Error);
    error.map_or_else(String::new, |it| format!("{}: {}", it.id, it.message))
}
