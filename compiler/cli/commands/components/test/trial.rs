//! One component's trial: each test, what it says, and the findings.

use super::super::library::Library;
use super::Args;
use super::bench::{Bench, Built};
use super::charts::Charts;
use super::company;
use super::example;
use super::outline;
use super::render::{self, Rendered};
use super::subject::Subject;
use super::values::{self, Compared};
use passes::chart::outline::FILE;
use passes::complete;
use passes::evaluate::Enabled;
use passes::resolve::cluster::resolve_cluster;
use passes::unfinished;
use passes::world::World;
use std::collections::BTreeSet;
use syntax::{Diagnostic, Diagnostics, Origins, Severity, Sources, Span};

/// The files beside a component's own that a starter leaves to people.
const BESIDE: [&str; 3] = ["README.md", "alerts.yaml", "runbook.md"];

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Well; what there is to say.
    Good(String),
    /// Badly; what there is to say.
    Bad(String),
    /// It was not made; why.
    None(String),
}

/// A component's trial.
#[derive(Debug)]
pub struct Trial {
    /// What was tested.
    pub subject: Subject,
    /// Each test and how it went.
    pub marks: Vec<(&'static str, Mark)>,
    /// Findings with their texts.
    pub said: Vec<(Diagnostics, Sources)>,
}

/// Tries a component.
pub fn run(subject: &Subject, library: &Library, charts: &Charts, args: &Args) -> Trial {
    let mut trial = Trial {
        subject: subject.clone(),
        marks: Vec::new(),
        said: Vec::new(),
    };
    let files = Bench {
        subject,
        library,
        name: String::new(),
        spec: String::new(),
    };
    let text = |file: &str| match files.read(&subject.path(file)) {
        Some(Ok((bytes, _))) => String::from_utf8_lossy(&bytes).into_owned(),
        Some(Err(_)) | None => String::new(),
    };
    for file in BESIDE {
        if text(file).contains(unfinished::REPLACE) {
            let problem = format!("`{}` is still to be written", subject.path(file));
            let help = "replace each word that begins with `REPLACE-BY-`";
            trial.say(Diagnostic::error("incomplete", problem).help(help));
        }
    }
    let readme = text("README.md");
    let specs = example::specs(&readme);
    let built: Vec<Built> = specs
        .iter()
        .map(|spec| {
            let bench = Bench {
                subject,
                library,
                name: subject.path("README.md"),
                spec: spec.clone(),
            };
            bench.build()
        })
        .collect();
    trial.complete(&built);
    trial.example(&built);
    let companies = company::build(subject, library, specs.first().map(String::as_str));
    trial.company(&companies);
    let platforms = built
        .iter()
        .chain(companies.iter().map(|company| &company.built));
    trial.values(platforms.collect(), charts);
    let problem = outline::hold(subject, library, &built, charts, &text(FILE), args.update);
    if let Some(problem) = problem {
        trial.say(problem);
    }
    trial.rendered(&built, charts, args.render);
    trial
        .said
        .extend(built.into_iter().map(|built| (built.found, built.sources)));
    trial
}

impl Trial {
    /// What it lacks in the clusters of its examples.
    fn complete(&mut self, built: &[Built]) {
        let schema = model::schema::component_schema();
        let mut places = BTreeSet::new();
        let mut seen = false;
        for built in built {
            let mut said = Diagnostics::default();
            for_each(built, &self.subject.name, |component, origins| {
                seen = true;
                complete::check(component, &schema, origins, &mut said);
            });
            let said_by = |severity: Severity| said.iter().filter(move |f| f.severity == severity);
            places.extend(said_by(Severity::Error).map(|f| (f.span(), f.message.clone())));
            self.said.push((said, built.sources.clone()));
        }
        let mark = match (seen, places.len()) {
            (false, _) => Mark::None("nothing to see".to_owned()),
            (true, 0) => Mark::Good("complete".to_owned()),
            (true, several) => Mark::Bad(format!("{several} missing")),
        };
        self.marks.push(("complete", mark));
    }

    fn example(&mut self, built: &[Built]) {
        let name = self.subject.name.clone();
        let uses = |built: &Built| uses(built, &name);
        let bad = built
            .iter()
            .filter(|built| built.found.has_errors())
            .count();
        let mark = match (built.len(), bad) {
            (0, _) => Mark::Bad("no example".to_owned()),
            (_, 1..) => Mark::Bad("does not build".to_owned()),
            (_, 0) if !built.iter().any(uses) => Mark::Bad("does not use it".to_owned()),
            (1, 0) => Mark::Good("builds".to_owned()),
            (several, 0) => Mark::Good(format!("{several} build")),
        };
        let (problem, help) = match &mark {
            Mark::Bad(why) if why == "no example" => (
                format!("component `{name}` shows no example"),
                "its README.md should hold a whole spec that uses it, in a ```yaml block",
            ),
            Mark::Bad(why) if why == "does not use it" => (
                format!("the example of component `{name}` does not use it"),
                "choose it by its setting, or switch it on: `components: { NAME: true }`",
            ),
            Mark::Bad(_) | Mark::Good(_) | Mark::None(_) => {
                self.marks.push(("example", mark));
                return;
            }
        };
        self.say(Diagnostic::error("no-example", problem).help(help));
        self.marks.push(("example", mark));
    }

    fn company(&mut self, companies: &[company::Company]) {
        let mut words = Vec::new();
        let mut bad = false;
        for company in companies {
            let mut said = Diagnostics::default();
            let own = company
                .built
                .sources
                .find(&self.subject.path("component.yaml"));
            let ours =
                |found: &&Diagnostic| found.span().map(|span| span.file) == own || company.failed;
            for finding in company
                .built
                .found
                .iter()
                .filter(ours)
                .chain(company.said.iter())
            {
                said.add(finding.clone());
            }
            bad |= said.has_errors();
            words.push(format!("with {} on {}", company.with, company.provider));
            self.said.push((said, company.built.sources.clone()));
        }
        self.marks.push((
            "company",
            match (words.is_empty(), bad) {
                (true, _) => Mark::None("no example".to_owned()),
                (false, true) => Mark::Bad(words.join(", ")),
                (false, false) => Mark::Good(words.join(", ")),
            },
        ));
    }

    fn values(&mut self, built: Vec<&Built>, charts: &Charts) {
        let mut compared = Compared::NoChart;
        let mut places: BTreeSet<Option<Span>> = BTreeSet::new();
        let mut unreadable = None;
        for built in built {
            let Some(platform) = &built.platform else {
                continue;
            };
            let mut said = Diagnostics::default();
            match values::check(&self.subject.name, platform, charts, &mut said) {
                Ok(Compared::NoChart) => {}
                Ok(other) => compared = other,
                Err(problem) => unreadable = Some(problem),
            }
            let errors = said.iter().filter(|f| f.severity == Severity::Error);
            places.extend(errors.map(Diagnostic::span));
            self.said.push((said, built.sources.clone()));
        }
        let mark = match (&unreadable, compared, places.len()) {
            (Some(_), _, _) => Mark::Bad("chart can't be read".to_owned()),
            (None, Compared::NoChart, _) => Mark::None("no chart".to_owned()),
            (None, Compared::NotAtHand, _) if charts.is_none() => {
                Mark::None("chart not compared".to_owned())
            }
            (None, Compared::NotAtHand, _) => Mark::None("chart not found".to_owned()),
            (None, Compared::With { version }, 0) => Mark::Good(match version {
                Some(version) => format!("known to {version}"),
                None => "known".to_owned(),
            }),
            (None, Compared::With { .. }, wrong) => Mark::Bad(format!("{wrong} wrong")),
        };
        if let Some(problem) = unreadable {
            self.say(Diagnostic::error("unreadable-chart", problem));
        }
        self.marks.push(("values", mark));
    }

    fn rendered(&mut self, built: &[Built], charts: &Charts, render: bool) {
        let mut rendered = Rendered::Not(if render { "no chart" } else { "not rendered" });
        let mut bad = false;
        for built in built.iter().filter(|_| render) {
            let mut said = Diagnostics::default();
            for_each(built, &self.subject.name, |component, origins| {
                if !component.chart.is_null() {
                    rendered = render::check(component, charts, origins, &mut said);
                }
            });
            bad |= said.has_errors();
            self.said.push((said, built.sources.clone()));
        }
        let mark = match (rendered, bad) {
            (Rendered::Not(why), _) => Mark::None(why.to_owned()),
            (Rendered::Failed(why), _) => {
                let problem = format!("helm can't render `{}`: {why}", self.subject.name);
                self.say(Diagnostic::error("not-rendered", problem));
                Mark::Bad("helm fails".to_owned())
            }
            (Rendered::Compared, true) => Mark::Bad("not as declared".to_owned()),
            (Rendered::Compared, false) => Mark::Good("as declared".to_owned()),
        };
        self.marks.push(("rendered", mark));
    }

    fn say(&mut self, problem: Diagnostic) {
        let mut said = Diagnostics::default();
        said.add(problem);
        self.said.push((said, Sources::default()));
    }
}

/// Looks at the component in each cluster that has it.
pub fn for_each(built: &Built, name: &str, mut look: impl FnMut(&Enabled<'_>, &Origins)) {
    let Some(platform) = &built.platform else {
        return;
    };
    for spec in &platform.clusters {
        let mut origins = Origins::extending(&platform.origins);
        let mut found = Diagnostics::default();
        let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
        let component = cluster
            .components
            .iter()
            .find(|component| component.name == name);
        if let Some(component) = component {
            look(component, &origins);
        }
    }
}

/// Whether any cluster has the component.
fn uses(built: &Built, name: &str) -> bool {
    let mut uses = false;
    for_each(built, name, |_, _| uses = true);
    uses
}
