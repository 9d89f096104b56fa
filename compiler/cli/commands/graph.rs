//! `graph`: what waits for what in each cluster, and who manages whom.

mod dot;
mod human;
mod json;
mod mermaid;

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use passes::graph::{self, ClusterGraph};
use passes::resolve::selector::Selector;
use rayon::prelude::*;
use syntax::{Diagnostic, Diagnostics};

/// Options of `graph`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,

    /// Only these clusters: NAME (`*` and `?` allowed) or key=value[,key=value]; repeat for more
    #[arg(
        long,
        env = "FORMWORK_CLUSTER",
        value_name = "SELECTOR",
        value_delimiter = ';'
    )]
    cluster: Vec<String>,

    /// How to print it
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    output: Output,
}

/// How a graph is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// Level by level, for people
    Human,
    /// A Mermaid flowchart, as GitHub and GitLab show it in Markdown
    Mermaid,
    /// For Graphviz: `formwork graph -o dot | dot -Tsvg > graph.svg`
    Dot,
    /// One JSON document, for programs
    Json,
}

/// The clusters of a platform.
struct Graph {
    platform: String,
    clusters: Vec<ClusterGraph>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    draw(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn draw(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let project = Project::find(&args.which)?;
    let (front, mut found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        project.show(found, &front.sources, color);
        return Ok(Code::Failed);
    };
    let chosen = Selector::choose(&platform, &args.cluster)?;
    let drawn: Vec<(ClusterGraph, Diagnostics)> = chosen
        .par_iter()
        .map(|spec| graph::of(&platform, spec))
        .collect();
    let mut clusters = Vec::new();
    for (cluster, said) in drawn {
        clusters.push(cluster);
        if said.has_errors() {
            found.append(said);
        }
    }
    if found.has_errors() {
        project.show(found, &platform.sources, color);
        return Ok(Code::Failed);
    }
    let graph = Graph {
        platform: platform.name.to_string(),
        clusters,
    };
    anstream::print!(
        "{}",
        match args.output {
            Output::Human => human::render(&graph),
            Output::Mermaid => mermaid::render(&graph),
            Output::Dot => dot::render(&graph),
            Output::Json => json::render(&graph),
        }
    );
    Ok(Code::Done)
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// A cluster in a few words: its provider, tier and size.
fn about(cluster: &ClusterGraph) -> String {
    let size = cluster
        .size
        .as_deref()
        .filter(|_| cluster.machines.is_empty());
    let words = [
        Some(cluster.provider.as_str()),
        cluster.tier.as_deref(),
        size,
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The machines of a cluster that names none.
fn machines(cluster: &ClusterGraph) -> String {
    let planes = usize::try_from(cluster.control_planes).unwrap_or(0);
    let workers = usize::try_from(cluster.workers).unwrap_or(0);
    let planes = count(planes, "control plane");
    match workers {
        0 => planes,
        _ => format!("{planes}, {}", count(workers, "worker")),
    }
}
