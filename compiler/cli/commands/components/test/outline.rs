//! `chart.yaml` beside a component: whether it says what the chart takes, or, with `--update`, made so.

use super::super::library::Library;
use super::bench::Built;
use super::charts::Charts;
use super::subject::Subject;
use super::trial::for_each;
use passes::chart::outline::{FILE, outline};
use passes::chart::same_version;
use std::fs;
use std::path::PathBuf;
use syntax::{Diagnostic, Node};

/// Holds the file, `there`, to the chart, if the chart is at hand in the component's version. Without `--update`, a
/// component need not have one.
pub fn hold(
    subject: &Subject,
    library: &Library,
    built: &[Built],
    charts: &Charts,
    there: &str,
    update: bool,
) -> Option<Diagnostic> {
    let wanted = built
        .iter()
        .find_map(|built| of_built(built, &subject.name, charts))?;
    let path = subject.path(FILE);
    if there == wanted || (there.is_empty() && !update) {
        return None;
    }
    if !update {
        let problem = format!("`{path}` does not say what its chart takes");
        let help = format!(
            "renew it: `formwork components test {} --chart DIR --update`",
            subject.name
        );
        return Some(Diagnostic::error("old-outline", problem).help(help));
    }
    let problem = match folder(subject, library) {
        None => "it is built in".to_owned(),
        Some(folder) => match fs::write(folder.join(FILE), wanted) {
            Ok(()) => return None,
            Err(problem) => problem.to_string(),
        },
    };
    let problem = format!("`{path}` can't be written: {problem}");
    Some(Diagnostic::error("unwritable", problem))
}

/// The folder of the component, where it is somebody's to edit.
fn folder(subject: &Subject, library: &Library) -> Option<PathBuf> {
    let own = || library.root.join(subject.path("").trim_end_matches('/'));
    let folder = subject.folder.clone().unwrap_or_else(own);
    folder.is_dir().then_some(folder)
}

/// The text of the file, by the first cluster that has the component with this version of the chart.
fn of_built(built: &Built, name: &str, charts: &Charts) -> Option<String> {
    let mut text = None;
    for_each(built, name, |component, _| {
        if text.is_none()
            && let Some(stated) = component.chart.get("version").and_then(Node::scalar_text)
            && let Some(found) = charts.find(name, &component.chart).ok().flatten()
            && let Some(version) = &found.chart.version
            && same_version(&stated, version)
        {
            let outline = outline(&stated, &found.chart);
            text = Some(HEAD.to_owned() + &syntax::print::print(&outline));
        }
    });
    text
}

const HEAD: &str =
    "# The keys that the chart's values may have; where null stands, whatever is given is taken.
# Made by `formwork components test NAME --chart DIR --update`.
";
