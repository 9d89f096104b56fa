//! `secrets show`: where a secret lies, for whom, since when; and what it is, if that is asked for.

use super::needed::{Scene, Scope};
use super::store;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passes::secrets::{Needed, Needs};
use sops::SecretValue;
use std::io::Write;
use syntax::Diagnostic;

/// Options of `secrets show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork secrets show cloudflare
  formwork secrets show cloudflare api-token --cluster prod --reveal")]
pub struct Args {
    /// The Secret's name
    name: String,

    /// One of its keys
    key: Option<String>,

    /// Print the values too: needs a key of age
    #[arg(long)]
    reveal: bool,

    #[command(flatten)]
    scope: Scope,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    show(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn show(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let Some(scene) = args.scope.read(color)? else {
        return Ok(Code::Failed);
    };
    let places = scene.named(&args.name)?;
    match args.reveal {
        true => reveal(args, &scene, &places)?,
        false => print!("{}", known(args, &places)),
    }
    Ok(Code::Done)
}

/// What may be known without a key.
fn known(args: &Args, places: &[(&Needs, &Needed)]) -> String {
    let mut text = String::new();
    for (needs, secret) in places {
        let state = match &secret.sealed {
            Some(_) => "",
            None => " (missing)",
        };
        text.push_str(&format!("{}{state}\n", secret.path(&needs.cluster)));
        text.push_str(&format!("  for {}\n", secret.by.join(", ")));
        let Some(known) = &secret.sealed else {
            continue;
        };
        for recipient in &known.recipients {
            text.push_str(&format!("  opened by {recipient}\n"));
        }
        for (key, day) in known.keys.iter().filter(|(key, _)| wanted(args, key)) {
            let since = day.as_ref().map(|day| format!(" since {day}"));
            text.push_str(&format!("  {key}{}\n", since.unwrap_or_default()));
        }
    }
    text
}

/// A value as it is used: what is in `data` is in base64.
fn plain(map: &str, value: &SecretValue) -> SecretValue {
    let decoded = (map == "data").then(|| STANDARD.decode(value.expose()).ok());
    match decoded.flatten() {
        Some(bytes) => SecretValue::new(bytes),
        None => SecretValue::new(value.expose()),
    }
}

fn wanted(args: &Args, key: &str) -> bool {
    args.key.as_deref().is_none_or(|wanted| wanted == key)
}

/// Prints the values: of one key alone as it is, of several each behind its file and key.
fn reveal(args: &Args, scene: &Scene, places: &[(&Needs, &Needed)]) -> Result<(), Box<Diagnostic>> {
    let identities = store::identities()?;
    let mut values = Vec::new();
    for (needs, secret) in places {
        let path = secret.path(&needs.cluster);
        let Some(sealed) = store::read(&scene.project.root, &path)? else {
            continue;
        };
        let opened = store::open(&path, &sealed, &identities)?;
        for map in ["stringData", "data"] {
            for key in sealed.keys(&[map]).filter(|key| wanted(args, key)) {
                if let Some(value) = opened.get(&[map, key]) {
                    values.push((format!("{path} {key}"), plain(map, value)));
                }
            }
        }
    }
    let mut out = std::io::stdout().lock();
    let written = match values.as_slice() {
        [] => {
            let problem = format!("no value of `{}` is sealed here", args.name);
            let help = format!("formwork secrets set {} KEY", args.name);
            return Err(Box::new(Diagnostic::error("no-value", problem).help(help)));
        }
        [(_, value)] if args.key.is_some() => out
            .write_all(value.expose())
            .and_then(|()| out.write_all(b"\n")),
        several => several.iter().try_for_each(|(place, value)| {
            out.write_all(format!("{place}: ").as_bytes())?;
            out.write_all(value.expose())?;
            out.write_all(b"\n")
        }),
    };
    written.map_err(|problem| Box::new(Diagnostic::error("no-output", problem.to_string())))
}
