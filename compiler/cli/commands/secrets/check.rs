//! `secrets check`: what is needed, what is there, and how old it is. Nothing is opened.

use super::json;
use super::needed::Scope;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use crate::table;
use passes::secrets::{Needed, Needs};
use passes::world::World;
use syntax::Diagnostic;

/// Options of `secrets check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork secrets check
  formwork secrets check --cluster prod
  formwork secrets check -o json")]
pub struct Args {
    #[command(flatten)]
    scope: Scope,

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

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people
    Human,
    /// One JSON document, for programs
    Json,
}

/// A key of a Secret that is needed.
pub(super) struct Row<'a> {
    pub(super) cluster: &'a str,
    pub(super) secret: &'a Needed,
    /// None where its keys are not known.
    pub(super) key: Option<&'a str>,
    pub(super) state: State,
    pub(super) day: Option<&'a str>,
}

/// How it is with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Sealed,
    TooOld,
    Missing,
}

impl State {
    pub(super) fn word(self) -> &'static str {
        match self {
            State::Sealed => "sealed",
            State::TooOld => "too old",
            State::Missing => "missing",
        }
    }
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    checked(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn checked(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let Some(scene) = args.scope.read(color)? else {
        return Ok(Code::Failed);
    };
    let today = scene.project.world.today();
    let rows: Vec<Row<'_>> = scene
        .needs
        .iter()
        .flat_map(|needs| rows(needs, today.as_deref()))
        .collect();
    match args.output {
        Output::Human => print!("{}", human(&rows)),
        Output::Json => print!("{}", json::render(&rows)),
    }
    let is_well = rows.iter().all(|row| row.state == State::Sealed);
    Ok(match is_well {
        true => Code::Done,
        false => Code::Refused,
    })
}

fn rows<'a>(needs: &'a Needs, today: Option<&str>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for secret in &needs.secrets {
        let row = |key, state, day| Row {
            cluster: &needs.cluster,
            secret,
            key,
            state,
            day,
        };
        let there = secret.sealed.as_ref().map_or(&[][..], |it| &it.keys);
        for (key, day) in there {
            let day = day.as_deref();
            let state = match needs.is_too_old(day, today) {
                true => State::TooOld,
                false => State::Sealed,
            };
            rows.push(row(Some(key.as_str()), state, day));
        }
        rows.extend(
            secret
                .missing()
                .map(|key| row(Some(key.as_str()), State::Missing, None)),
        );
        if secret.keys.is_empty() && secret.sealed.is_none() {
            rows.push(row(None, State::Missing, None));
        }
    }
    rows
}

fn human(rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return "nothing needs a secret\n".to_owned();
    }
    let head = ["cluster", "secret", "key", "state", "since", "for"];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    for row in rows {
        table.push(vec![
            row.cluster.to_owned(),
            format!("{}/{}", row.secret.namespace, row.secret.name),
            row.key.unwrap_or("-").to_owned(),
            row.state.word().to_owned(),
            row.day.unwrap_or("-").to_owned(),
            row.secret.by.join(", "),
        ]);
    }
    let of = |state| rows.iter().filter(|row| row.state == state).count();
    let mut text = table::aligned(&table);
    text.push_str(&format!(
        "{} sealed, {} too old, {} missing\n",
        of(State::Sealed),
        of(State::TooOld),
        of(State::Missing)
    ));
    text
}
