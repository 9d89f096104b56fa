//! `explain`: where a value comes from, or what a line of the spec decides.

mod answer;
mod target;

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use passes::Cell;
use passes::emit::Leaf;
use passes::explain::back;
use passes::explain::forth::{self, Field, Places};
use passes::resolve::Platform;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use syntax::source::BUILT_IN;
use syntax::{Diagnostic, FileId, Pointer, Span};
use target::{below, locate, nearest_pointer, split};

/// Options of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork explain generated/clusters/prod/COMPONENT/release.yaml:/spec/values/replicas
  formwork explain generated/machines/prod/cp-1.yaml#LinkConfig:/addresses
  formwork explain generated/kind/dev.yaml:12
  formwork explain network.cni
  formwork explain --from platform.yaml:42")]
pub struct Args {
    /// A value of the output (FILE:/json/pointer, FILE#KIND[/NAME]:/pointer, FILE:LINE) or a field of the spec (network.cni)
    #[arg(value_name = "TARGET", required_unless_present = "from")]
    target: Option<String>,

    /// What does this place decide? FILE:LINE, FILE:LINE:COLUMN or FILE:/pointer of a spec, profile or component
    #[arg(long, value_name = "PLACE", conflicts_with = "target")]
    from: Option<String>,

    /// The spec; without it, `platform.yaml` is looked for upwards from here
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,

    /// The output folder that FILE lies in [default: `generated` beside the spec]
    #[arg(long, env = "FORMWORK_OUT", value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,

    /// How to print the answer
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    output: Output,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    if let Some(page) = args.target.as_deref().and_then(built_in) {
        anstream::print!("{page}");
        return Code::Done;
    }
    let which = Which {
        spec: args.spec.clone(),
    };
    let project = match Project::find(&which) {
        Ok(project) => project,
        Err(problem) => {
            show_one(*problem, color);
            return Code::Failed;
        }
    };
    let out = match project.out(args.out.as_deref(), color) {
        Ok(out) => out,
        Err(problem) => {
            show_one(*problem, color);
            return Code::Failed;
        }
    };
    let (front, found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        project.show(found, &front.sources, color);
        return Code::Failed;
    };
    let answer = match (&args.from, &args.target) {
        (Some(place), _) => from(args, &project, &platform, place),
        (None, Some(target)) => explain(args, &out, &platform, target),
        (None, None) => Err(Box::new(Diagnostic::error("usage", "nothing to explain"))),
    };
    match answer {
        Ok(text) => {
            print!("{text}");
            Code::Done
        }
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

/// The page of what is built in: nobody needs a spec to be told of it.
fn built_in(id: &str) -> Option<String> {
    match passes::rules::find(id) {
        Some(rule) => Some(super::rules::page(super::rules::Known::BuiltIn(rule))),
        None => passes::lint::truth::find(id).map(|truth| truth.page.to_owned()),
    }
}

type Problem = Box<Diagnostic>;

/// Explains a value of the output, or a field of the spec.
fn explain(args: &Args, out: &Path, platform: &Platform, target: &str) -> Result<String, Problem> {
    let Some(target) = split(out, target) else {
        if let Some(own) = platform.own_rules.iter().find(|rule| rule.id == target) {
            return Ok(super::rules::page(super::rules::Known::Own(own)));
        }
        return super::schema::field(platform, target);
    };
    let (cell, leaf) = find(platform, &target.path)?;
    let (document, pointer) = locate(&leaf, &target, platform)?;
    let answer = back::explain(&cell, &leaf, document, &pointer).ok_or_else(|| {
        let near = nearest_pointer(&leaf, document, &pointer);
        let shown = pointer.to_string();
        Box::new(
            Diagnostic::error(
                "no-such-value",
                format!("`{}` has nothing at `{shown}`", target.path),
            )
            .help(format!("the nearest that exists is `{near}`")),
        )
    })?;
    Ok(match args.output {
        Output::Human => answer::human(&answer, &platform.sources),
        Output::Json => answer::json(&answer, &platform.sources),
    })
}

/// The cell that makes a file, lowered, and the file.
fn find(platform: &Platform, path: &str) -> Result<(Cell, Leaf), Problem> {
    let named = |name: &str| {
        let stem = path.split('.').next().unwrap_or(path);
        path.split('/').any(|part| part == name) || stem.rsplit('/').next() == Some(name)
    };
    let (likely, rest): (Vec<_>, Vec<_>) =
        platform.clusters.iter().partition(|spec| named(&spec.name));
    let mut known = Vec::new();
    for spec in likely.into_iter().chain(rest) {
        let cell = passes::cell(platform, spec);
        if let Some(leaf) = cell.leaves.iter().find(|leaf| leaf.path == path).cloned() {
            return Ok((cell, leaf));
        }
        known.extend(cell.leaves.into_iter().map(|leaf| leaf.path));
    }
    let near = syntax::suggest::nearest(path, known.iter().map(String::as_str));
    let problem = Diagnostic::error(
        "no-such-file",
        format!("`{path}` is no file of this platform's output"),
    );
    Err(Box::new(match near {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("name a file below the output folder, as `formwork build` writes it"),
    }))
}

/// What a place decides.
fn from(
    args: &Args,
    project: &Project,
    platform: &Platform,
    place: &str,
) -> Result<String, Problem> {
    let places = places(project, platform, place)?;
    let mut fields: Vec<Field> = Vec::new();
    for spec in &platform.clusters {
        fields.extend(forth::decided(&passes::cell(platform, spec), &places));
    }
    fields.sort();
    Ok(decisions(place, &fields, args.output))
}

/// The fields that a place decides, by file.
fn decisions(place: &str, fields: &[Field], output: Output) -> String {
    if output == Output::Json {
        let fields: Vec<_> = fields
            .iter()
            .map(|f| serde_json::json!({"file": f.path, "document": f.document, "pointer": f.pointer, "absent": f.absent}))
            .collect();
        let value = serde_json::json!({
            "apiVersion": "formwork.dev/v1alpha1", "kind": "Decisions", "from": place, "fields": fields,
        });
        return format!("{value:#}\n");
    }
    let mut text = String::new();
    let mut last = "";
    for field in fields {
        if field.path != last {
            let _ = writeln!(text, "{}", field.path);
            last = &field.path;
        }
        let absent = if field.absent { "   (left out)" } else { "" };
        let pointer = if field.pointer.is_empty() {
            "/"
        } else {
            &field.pointer
        };
        let _ = writeln!(text, "  {pointer}{absent}");
    }
    let files = fields
        .iter()
        .map(|field| &field.path)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let _ = writeln!(
        text,
        "{place} decides {} fields in {files} files",
        fields.len()
    );
    text
}

/// The places that `FILE:LINE[:COLUMN]` or `FILE:/pointer` mean.
fn places(project: &Project, platform: &Platform, place: &str) -> Result<Places, Problem> {
    let bad = |message: String| {
        Box::new(
            Diagnostic::error("bad-place", message)
                .help("write FILE:LINE, FILE:LINE:COLUMN or FILE:/pointer"),
        )
    };
    let (file, rest) = source_of(project, platform, place).map_err(&bad)?;
    let name = platform
        .sources
        .get(file)
        .map_or("", |source| source.name());
    let (node, origins) = passes::explain::reread(platform, file)
        .ok_or_else(|| bad(format!("`{name}` holds nothing")))?;
    let source = platform.sources.get(file);
    let places = if rest.starts_with('/') {
        let pointer = Pointer::parse(rest).map_err(|problem| bad(problem.to_string()))?;
        let node = node
            .find(&pointer)
            .ok_or_else(|| bad(format!("`{name}` has nothing at `{rest}`")))?;
        Places::below(node, &origins)
    } else {
        let (line, column) = rest.split_once(':').map_or((rest, None), |(line, column)| {
            (line, column.parse::<usize>().ok())
        });
        let line: usize = line
            .parse()
            .map_err(|_| bad(format!("`{line}` is no line number")))?;
        let on = |span: Span| {
            span.file == file
                && source.is_some_and(|source| {
                    let (start, end) = (source.place(span.start), source.place(span.end));
                    let within = column
                        .is_none_or(|c| start.column <= c && (end.line > line || c <= end.column));
                    start.line == line && within
                })
        };
        Places::on_line(&node, &origins, on)
    };
    if places.is_empty() {
        return Err(bad(format!("nothing is said at `{place}`")));
    }
    Ok(places.with_levels(platform))
}

/// The text that a place lies in, and what is said of where in it.
fn source_of<'a>(
    project: &Project,
    platform: &Platform,
    place: &'a str,
) -> Result<(FileId, &'a str), String> {
    let (file, rest) = match place.find(":/") {
        Some(at) => place
            .split_at_checked(at)
            .map(|(file, rest)| (file, rest.trim_start_matches(':'))),
        None => place.split_once(':'),
    }
    .ok_or_else(|| format!("`{place}` names no line"))?;
    let name = below(Path::new(file), &project.root).unwrap_or_else(|| file.to_owned());
    let sources = &platform.sources;
    let found = sources
        .find(&name)
        .or_else(|| sources.find(&format!("{BUILT_IN}{name}")));
    let unread = || {
        let known: Vec<&str> = sources.iter().map(|(_, source)| source.name()).collect();
        let near = syntax::suggest::nearest(&name, known.iter().copied());
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        format!("`{name}` was not read for this platform{hint}")
    };
    found.map(|file| (file, rest)).ok_or_else(unread)
}
