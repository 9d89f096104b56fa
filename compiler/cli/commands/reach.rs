//! `reach`: whether one end of the platform reaches another, and the rule that decides.

mod answer;
mod human;
mod json;

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use answer::{Answer, Question};
use passes::reach::address::Block;
use passes::reach::port::{Port, Protocol};
use passes::reach::{self, ENTITIES, Holds, Miss, Network};
use passes::resolve::selector::Selector;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use syntax::{Diagnostic, Diagnostics};

/// Options of `reach`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork reach shop ledger:5432
  formwork reach monitoring shop/web:8080 --cluster prod
  formwork reach shop api.example.org:443 --expect yes
  formwork reach cluster shop --expect no")]
pub struct Args {
    /// Who calls: an app, a component, NAMESPACE/WORKLOAD, a namespace, an address, or
    /// `internet`, `kube-apiserver`, `node`, `host`, `gateway`, `dns`, `health`, `cluster`
    #[arg(value_name = "FROM")]
    from: String,

    /// Who is called, the same or a host's name, with the port of its pods: TO, TO:PORT or
    /// TO:PORT/udp; without it, the open ports are said
    #[arg(value_name = "TO[:PORT]")]
    to: String,

    /// Only these clusters: NAME (`*` and `?` allowed) or key=value[,key=value]; repeat for more
    #[arg(
        long,
        env = "FORMWORK_CLUSTER",
        value_name = "SELECTOR",
        value_delimiter = ';'
    )]
    cluster: Vec<String>,

    /// The spec; without it, `platform.yaml` is looked for upwards from here
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,

    /// End with 3 where the answer is another in any cluster: for CI
    #[arg(long, value_enum, value_name = "ANSWER")]
    expect: Option<Expect>,

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
    /// For people
    Human,
    /// One JSON document, for programs
    Json,
}

/// What an answer has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Expect {
    /// It is reached
    Yes,
    /// It is not
    No,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    answer(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn answer(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let (to, port) = split(&args.to)?;
    let project = Project::find(&Which {
        spec: args.spec.clone(),
    })?;
    let (front, mut found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        project.show(found, &front.sources, color);
        return Ok(Code::Failed);
    };
    let chosen = Selector::choose(&platform, &args.cluster)?;
    let mut cells = chosen
        .par_iter()
        .map(|spec| reach::of(&platform, spec))
        .collect::<Vec<_>>();
    for cell in &mut cells {
        let said: Diagnostics = std::mem::take(&mut cell.found);
        if said.has_errors() {
            found.append(said);
        }
    }
    if found.has_errors() {
        project.show(found, &platform.sources, color);
        return Ok(Code::Failed);
    }
    let question = Question {
        from: &args.from,
        to,
        port,
    };
    let mut answers: Vec<Answer> = Vec::new();
    for cell in &cells {
        answers.extend(Answer::of(cell, &question, &platform.sources)?);
    }
    if answers.is_empty() {
        let networks: Vec<&Network> = cells.iter().map(|cell| &cell.network).collect();
        return Err(nowhere(&networks, &question));
    }
    anstream::print!(
        "{}",
        match args.output {
            Output::Human => human::render(&question, &answers),
            Output::Json => json::render(&question, &answers),
        }
    );
    let wanted = args.expect.map(|expect| match expect {
        Expect::Yes => Holds::Yes,
        Expect::No => Holds::No,
    });
    let differs = |wanted: Holds| {
        let mut pairs = answers.iter().flat_map(|answer| &answer.pairs);
        pairs.any(|pair| pair.holds != wanted)
    };
    Ok(match wanted.is_some_and(differs) {
        true => Code::Refused,
        false => Code::Done,
    })
}

/// Takes `TO[:PORT[/PROTOCOL]]` apart; an address of IPv6 with a port stands in brackets.
fn split(text: &str) -> Result<(&str, Option<Port>), Box<Diagnostic>> {
    if Block::read(text).is_some() || text.starts_with("namespace:") {
        return Ok((text, None));
    }
    let Some((name, port)) = text.rsplit_once(':') else {
        return Ok((text.trim_matches(['[', ']']), None));
    };
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let number = number.parse().ok().filter(|number| *number > 0);
    match (number, Protocol::read(protocol)) {
        (Some(number), Some(protocol)) => {
            let port = Port { protocol, number };
            Ok((name.trim_matches(['[', ']']), Some(port)))
        }
        (_, _) => Err(Box::new(
            Diagnostic::error("bad-port", format!("`{port}` is no port"))
                .help("write TO:PORT or TO:PORT/udp, with the number of the pod's own port"),
        )),
    }
}

/// A name that means nothing in any cluster, or two that are nowhere together.
fn nowhere(networks: &[&Network], question: &Question<'_>) -> Box<Diagnostic> {
    for name in [question.from, question.to] {
        let unknown = |network: &&Network| matches!(network.find(name), Err(Miss::Unknown));
        if !networks.iter().all(unknown) {
            continue;
        }
        let known: BTreeSet<String> = networks.iter().flat_map(|n| n.names()).collect();
        let problem = Diagnostic::error(
            "no-such-end",
            format!("nothing in this platform is called `{name}`"),
        );
        let near = syntax::suggest::nearest(name, known.iter().map(String::as_str));
        let entities: Vec<&str> = ENTITIES.iter().map(|(name, _)| *name).collect();
        return Box::new(match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "name an app, a component, NAMESPACE/WORKLOAD, a namespace, an address, a host with a dot in its name, or one of: {}",
                entities.join(", ")
            )),
        });
    }
    let message = format!(
        "`{}` and `{}` are in no cluster together",
        question.from, question.to
    );
    let help = "policies hold within a cluster: ask for `gateway` or an address of the other one";
    Box::new(Diagnostic::error("no-such-end", message).help(help))
}
