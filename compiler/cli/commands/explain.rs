//! `explain`: where a value comes from, or what a line of the spec decides.

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show, show_one};
use passes::emit::Leaf;
use passes::explain::back::{self, Answer, Reason, Step};
use passes::explain::forth::{self, Field, Places};
use passes::resolve::Platform;
use passes::{Cell, emit};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use syntax::{Diagnostic, Node, Pointer, Sources, Span};

/// Options of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork explain generated/clusters/prod/cilium/release.yaml:/spec/values/k8sServiceHost
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
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC")]
    spec: Option<PathBuf>,

    /// The output folder that FILE lies in [default: `generated` beside the spec]
    #[arg(long, env = "FORMWORK_OUT", value_name = "FOLDER")]
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
    let which = Which {
        spec: args.spec.clone(),
    };
    let project = match Project::find(&which) {
        Ok(project) => project,
        Err(problem) => {
            show_one(problem, color);
            return Code::Failed;
        }
    };
    let (front, found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        show(found, &front.sources, color);
        return Code::Failed;
    };
    let answer = match (&args.from, &args.target) {
        (Some(place), _) => from(args, &project, &platform, place),
        (None, Some(target)) => explain(args, &project, &platform, target),
        (None, None) => Err(Box::new(Diagnostic::error("usage", "nothing to explain"))),
    };
    match answer {
        Ok(text) => {
            print!("{text}");
            Code::Done
        }
        Err(problem) => {
            show_one(problem, color);
            Code::Failed
        }
    }
}

type Problem = Box<Diagnostic>;

/// A file of the output and the place asked for in it.
struct Target<'a> {
    path: String,
    document: Option<&'a str>,
    place: &'a str,
}

/// Explains a value of the output, or a field of the spec.
fn explain(
    args: &Args,
    project: &Project,
    platform: &Platform,
    target: &str,
) -> Result<String, Problem> {
    let Some(target) = split(args, project, target) else {
        return super::schema::field(platform, target);
    };
    let (cell, leaf) = find(platform, &target.path)?;
    let (document, pointer) = locate(&cell, &leaf, &target, platform)?;
    let answer = back::explain(platform, &cell, &leaf, document, &pointer).ok_or_else(|| {
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
        Output::Human => human(&answer, &platform.sources),
        Output::Json => json(&answer, &platform.sources),
    })
}

/// Takes `FILE[#KIND[/NAME]]:PLACE` apart; `None` where it names no file.
fn split<'a>(args: &Args, project: &Project, target: &'a str) -> Option<Target<'a>> {
    let (file, place) = match target.find(":/") {
        Some(at) => (target.get(..at)?, target.get(at + 1..)?),
        None => target
            .rsplit_once(':')
            .filter(|(_, line)| line.parse::<usize>().is_ok())
            .unwrap_or((target, "")),
    };
    let (file, document) = match file.split_once('#') {
        Some((file, document)) => (file, Some(document)),
        None => (file, None),
    };
    if !file.contains('/')
        && !Path::new(file)
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "sh" || ending == "md")
    {
        return None;
    }
    let out = args.out.clone().unwrap_or_else(|| project.default_out());
    let path = below(Path::new(file), &out).unwrap_or_else(|| file.to_owned());
    Some(Target {
        path,
        document,
        place,
    })
}

/// A path below a folder, with `/`, both taken from the current folder.
fn below(path: &Path, folder: &Path) -> Option<String> {
    let plain = |path: &Path| -> Vec<String> {
        let here = std::env::current_dir().unwrap_or_default();
        let mut parts: Vec<String> = Vec::new();
        for part in here.join(path).components() {
            match part {
                Component::ParentDir => drop(parts.pop()),
                Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        parts
    };
    let (path, folder) = (plain(path), plain(folder));
    path.strip_prefix(folder.as_slice())
        .map(|rest| rest.join("/"))
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

/// Which document, and which place in it.
fn locate(
    cell: &Cell,
    leaf: &Leaf,
    target: &Target<'_>,
    platform: &Platform,
) -> Result<(usize, Pointer), Problem> {
    let documents: &[Node] = match &leaf.content {
        model::object::Content::Yaml(documents) => documents,
        model::object::Content::Text { .. } | model::object::Content::Copied(_) => {
            return Ok((0, Pointer::root()));
        }
    };
    if let Ok(line) = target.place.parse::<usize>() {
        let files = emit::emit(&platform.name, vec![leaf.clone()]);
        let text = files
            .first()
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .unwrap_or_default();
        let _ = cell;
        return back::at_line(&leaf.path, &text, line).ok_or_else(|| {
            Box::new(Diagnostic::error(
                "no-such-value",
                format!("no value stands on line {line} of `{}`", leaf.path),
            ))
        });
    }
    let pointer = Pointer::parse(target.place).map_err(|problem| {
        Box::new(Diagnostic::error(
            "bad-pointer",
            format!("`{}`: {problem}", target.place),
        ))
    })?;
    let Some(wanted) = target.document else {
        if documents.len() > 1 && !pointer.is_root() {
            let holds = documents
                .iter()
                .position(|document| document.find(&pointer).is_some());
            return Ok((holds.unwrap_or(0), pointer));
        }
        return Ok((0, pointer));
    };
    let (kind, name) = wanted
        .split_once('/')
        .map_or((wanted, None), |(kind, name)| (kind, Some(name)));
    let is = |document: &Node| {
        let title = document
            .str_at(&["kind"])
            .unwrap_or_else(|| document.str_at(&["version"]).unwrap_or_default());
        let called = document
            .str_at(&["name"])
            .or(document.str_at(&["metadata", "name"]));
        title == kind && name.is_none_or(|name| called == Some(name))
    };
    documents
        .iter()
        .position(is)
        .map(|at| (at, pointer))
        .ok_or_else(|| {
            let kinds: Vec<&str> = documents
                .iter()
                .filter_map(|d| d.str_at(&["kind"]).or(d.str_at(&["version"])))
                .collect();
            Box::new(
                Diagnostic::error(
                    "no-such-document",
                    format!("`{}` holds no document `{wanted}`", leaf.path),
                )
                .help(format!("it holds: {}", kinds.join(", "))),
            )
        })
}

/// The longest start of a pointer that exists.
fn nearest_pointer(leaf: &Leaf, document: usize, pointer: &Pointer) -> String {
    let model::object::Content::Yaml(documents) = &leaf.content else {
        return "/".to_owned();
    };
    let Some(root) = documents.get(document) else {
        return "/".to_owned();
    };
    let mut pointer = pointer.clone();
    while root.find(&pointer).is_none() && pointer.pop().is_some() {}
    let shown = pointer.to_string();
    if shown.is_empty() {
        "/".to_owned()
    } else {
        shown
    }
}

/// An answer as a person reads it.
fn human(answer: &Answer, sources: &Sources) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}{}",
        answer.path,
        if answer.pointer.is_empty() {
            String::new()
        } else {
            format!(":{}", answer.pointer)
        }
    );
    if let Some(object) = &answer.object {
        let _ = writeln!(text, "in {object}");
    }
    if let Some(value) = &answer.value {
        let _ = writeln!(text);
        for line in value.lines().take(20) {
            let _ = writeln!(text, "    {line}");
        }
        if value.lines().count() > 20 {
            let _ = writeln!(text, "    ... {} lines more", value.lines().count() - 20);
        }
    }
    section(&mut text, "because", &answer.made, sources);
    section(&mut text, "it is there because", &answer.there, sources);
    for (key, reasons) in &answer.absent {
        section(
            &mut text,
            &format!("`{key}` is left out because"),
            reasons,
            sources,
        );
    }
    text
}

fn section(text: &mut String, title: &str, reasons: &[Reason], sources: &Sources) {
    if reasons.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for reason in reasons {
        let indent = "  ".repeat(reason.depth + 1);
        let _ = match &reason.step {
            Step::Said(span) => writeln!(text, "{indent}{}", said(*span, sources)),
            Step::Computed(span) => writeln!(text, "{indent}computed at {}", said(*span, sources)),
            Step::Decided(rule) => {
                writeln!(text, "{indent}{}", passes::explain::rules::words(rule))
            }
            Step::Replaced(span) => writeln!(text, "{indent}instead of {}", said(*span, sources)),
        };
    }
}

/// A place and the line that stands there.
fn said(span: Span, sources: &Sources) -> String {
    let line = sources
        .get(span.file)
        .and_then(|source| source.line(source.place(span.start).line));
    let line = line.map_or("", |(_, line)| line.trim());
    let shown: String = line.chars().take(100).collect();
    format!("{}   {shown}", sources.locate(span))
}

fn json(answer: &Answer, sources: &Sources) -> String {
    let reasons = |reasons: &[Reason]| -> Vec<serde_json::Value> {
        reasons
            .iter()
            .map(|reason| {
                let (step, place, rule) = match &reason.step {
                    Step::Said(span) => ("said", Some(*span), None),
                    Step::Computed(span) => ("computed", Some(*span), None),
                    Step::Decided(rule) => ("decided", None, Some(*rule)),
                    Step::Replaced(span) => ("replaced", Some(*span), None),
                };
                serde_json::json!({
                    "depth": reason.depth, "step": step, "rule": rule, "span": place.map(|span| sources.locate(span)),
                })
            })
            .collect()
    };
    let first = answer.made.iter().find_map(|reason| match &reason.step {
        Step::Said(span) | Step::Computed(span) => Some(*span),
        Step::Decided(_) | Step::Replaced(_) => None,
    });
    let absent: Vec<_> = answer
        .absent
        .iter()
        .map(|(key, why)| serde_json::json!({"key": key.as_str(), "because": reasons(why)}))
        .collect();
    let value = serde_json::json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "Explanation",
        "file": answer.path,
        "pointer": answer.pointer,
        "value": answer.value,
        "origin": { "span": first.map(|span| sources.locate(span)) },
        "made": reasons(&answer.made),
        "there": reasons(&answer.there),
        "absent": absent,
    });
    format!("{value:#}\n")
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
    if args.output == Output::Json {
        let fields: Vec<_> = fields
            .iter()
            .map(|f| serde_json::json!({"file": f.path, "document": f.document, "pointer": f.pointer, "absent": f.absent}))
            .collect();
        let value = serde_json::json!({
            "apiVersion": "formwork.dev/v1alpha1", "kind": "Decisions", "from": place, "fields": fields,
        });
        return Ok(format!("{value:#}\n"));
    }
    let mut text = String::new();
    let mut last = "";
    for field in &fields {
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
    Ok(text)
}

/// The places that `FILE:LINE[:COLUMN]` or `FILE:/pointer` mean.
fn places(project: &Project, platform: &Platform, place: &str) -> Result<Places, Problem> {
    let bad = |message: String| {
        Box::new(
            Diagnostic::error("bad-place", message)
                .help("write FILE:LINE, FILE:LINE:COLUMN or FILE:/pointer"),
        )
    };
    let (file, rest) = match place.find(":/") {
        Some(at) => (
            place.get(..at).unwrap_or(""),
            place.get(at + 1..).unwrap_or(""),
        ),
        None => place
            .split_once(':')
            .ok_or_else(|| bad(format!("`{place}` names no line")))?,
    };
    let name = below(Path::new(file), &project.root).unwrap_or_else(|| file.to_owned());
    let found = platform
        .sources
        .find(&name)
        .or_else(|| platform.sources.find(&format!("<formwork>/{name}")));
    let file = found.ok_or_else(|| {
        let known: Vec<&str> = platform
            .sources
            .iter()
            .map(|(_, source)| source.name())
            .collect();
        let near = syntax::suggest::nearest(&name, known.iter().copied());
        bad(format!(
            "`{name}` was not read for this platform{}",
            near.map_or(String::new(), |n| format!("; did you mean `{n}`?"))
        ))
    })?;
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
