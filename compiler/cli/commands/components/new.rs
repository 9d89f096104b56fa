//! `components new`: a component to start from, with each thing marked that only a person can write.

use super::library::Library;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use passes::unfinished::REPLACE;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

const COMPONENT: &str = include_str!("new/component.yaml");
const ALERTS: &str = include_str!("new/alerts.yaml");
const RUNBOOK: &str = include_str!("new/runbook.md");
const README: &str = include_str!("new/README.md");

/// Longest DNS label.
const LABEL: usize = 63;

/// Options of `components new`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork components new echo --chart oci://ghcr.io/example/charts/echo --version 2.3.0
  formwork components new echo --repo https://charts.example.org --name echo --version 2.3.0 --from ../charts/echo")]
pub struct Args {
    /// Its name: that of its folder, and `components.NAME` in a spec
    #[arg(value_name = "NAME")]
    component: String,

    /// Its chart in a registry
    #[arg(long, env = "FORMWORK_CHART", value_name = "oci://ADDRESS", conflicts_with_all = ["repo", "name"])]
    chart: Option<String>,

    /// The Helm repository of its chart
    #[arg(
        long,
        env = "FORMWORK_REPO",
        value_name = "https://ADDRESS",
        requires = "name"
    )]
    repo: Option<String>,

    /// The chart's name in the repository
    #[arg(long, env = "FORMWORK_NAME", value_name = "CHART", requires = "repo")]
    name: Option<String>,

    /// The chart's version
    #[arg(long, env = "FORMWORK_VERSION", value_name = "VERSION")]
    version: Option<String>,

    /// The chart's folder: its description, version and the places of its resources are taken from there
    #[arg(long, env = "FORMWORK_FROM", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    from: Option<PathBuf>,

    /// The spec beside which it is put [default: the `platform.yaml` in reach, if any, else the current folder]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match start(args) {
        Ok(()) => Code::Done,
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn start(args: &Args) -> Result<(), Box<Diagnostic>> {
    let name = &args.component;
    if !is_label(name) {
        return Err(Box::new(
            Diagnostic::error("bad-name", format!("`{name}` is no name for a component"))
                .help("lower-case letters, digits and `-`, as in a DNS label"),
        ));
    }
    let library = Library::open(args.spec.as_deref())?;
    let known = known(args)?;
    let folder = library.root.join("components").join(name);
    let files = [
        ("component.yaml", fill(COMPONENT, args, &known)),
        ("README.md", fill(README, args, &known)),
        ("alerts.yaml", fill(ALERTS, args, &known)),
        ("runbook.md", fill(RUNBOOK, args, &known)),
    ];
    for (file, _) in &files {
        let path = folder.join(file);
        if path.exists() {
            return Err(Box::new(
                Diagnostic::error(
                    "already-there",
                    format!("`{}` is there already", shown(&path)),
                )
                .help("nothing is overwritten: take another name, or edit what is there"),
            ));
        }
    }
    fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error))?;
    for (file, text) in &files {
        let path = folder.join(file);
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        opened
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| cannot(&path, &error))?;
        anstream::println!("  wrote {}", shown(&path));
    }
    if library.components.contains_key(name.as_str()) {
        anstream::println!("  it takes the place of the library's `{name}`");
    }
    let chart = match &args.from {
        Some(folder) => format!(" --chart {}", folder.display()),
        None => String::new(),
    };
    anstream::println!(
        "next: write what is marked `{REPLACE}`; `formwork components test {name}{chart}` says what is left"
    );
    Ok(())
}

/// What the chart's folder says of itself.
#[derive(Debug, Default)]
struct Known {
    about: Option<String>,
    version: Option<String>,
}

fn known(args: &Args) -> Result<Known, Box<Diagnostic>> {
    let Some(folder) = &args.from else {
        return Ok(Known::default());
    };
    if !folder.is_dir() {
        let message = format!("there is no folder `{}`", folder.display());
        return Err(Box::new(Diagnostic::error("no-chart", message)));
    }
    let read = |file: &str| fs::read_to_string(folder.join(file)).ok();
    let about = read("Chart.yaml").or_else(|| read("Chart.json"));
    let about = about.and_then(|text| super::test::example::tree(&text));
    let text = |key: &str| {
        let node = about.as_ref()?.get(key)?;
        node.scalar_text().map(String::from)
    };
    Ok(Known {
        about: text("description"),
        version: text("version"),
    })
}

fn fill(template: &str, args: &Args, known: &Known) -> String {
    let version = args.version.as_ref().or(known.version.as_ref());
    let version = version.map_or("REPLACE-BY-THE-VERSION-OF-THE-CHART", String::as_str);
    let chart = match (&args.chart, &args.repo, &args.name) {
        (Some(oci), _, _) => format!("{{ oci: {}, version: {} }}", quoted(oci), quoted(version)),
        (None, Some(repo), Some(name)) => format!(
            "{{ repo: {}, name: {}, version: {} }}",
            quoted(repo),
            quoted(name),
            quoted(version)
        ),
        (None, _, _) => format!(
            "{{ oci: \"oci://registry.example/REPLACE-BY-THE-ADDRESS-OF-THE-CHART\", version: {} }}",
            quoted(version)
        ),
    };
    let about = match &known.about {
        Some(about) => quoted(about.trim()),
        None => "REPLACE-BY-ONE-SENTENCE-ABOUT-IT".to_owned(),
    };
    template
        .replace("@NAME@", &args.component)
        .replace("@ALERT@", &in_camels(&args.component))
        .replace("@CHART@", &chart)
        .replace("@ABOUT@", &about)
}

/// A text that YAML can't take for anything else.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `cert-manager` as alerts are called: `CertManager`.
fn in_camels(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn is_label(name: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edges = !name.starts_with('-') && !name.ends_with('-');
    !name.is_empty() && name.len() <= LABEL && edges && name.chars().all(good)
}

fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

fn cannot(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let message = format!("cannot write `{}`: {error}", shown(path));
    Box::new(Diagnostic::error("new", message))
}
