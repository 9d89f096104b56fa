//! `secrets set`: one value, sealed into every place that needs it. What is the same already keeps every byte.

use super::needed::Scope;
use super::store;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use passes::secrets::{Needed, Needs};
use sops::{Identities, NewSecret, Recipient, SecretValue};
use std::io::{IsTerminal, Read};
use std::path::Path;
use syntax::Diagnostic;

/// Options of `secrets set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork secrets set cloudflare api-token
  formwork secrets set cloudflare api-token < token.txt
  pass show cloudflare | formwork secrets set cloudflare api-token --cluster prod")]
pub struct Args {
    /// The Secret's name
    name: String,

    /// The key of its value
    key: String,

    #[command(flatten)]
    scope: Scope,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    set(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn set(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let Some(scene) = args.scope.read(color)? else {
        return Ok(Code::Failed);
    };
    let places = scene.named(&args.name)?;
    let takes = |secret: &Needed| {
        !secret.is_ini && (secret.keys.is_empty() || secret.keys.iter().any(|key| *key == args.key))
    };
    let (chosen, other): (Vec<_>, Vec<_>) = places.into_iter().partition(|(_, it)| takes(it));
    if chosen.is_empty() {
        return Err(no_key(args, &other));
    }
    let value = ask(&args.key)?;
    // Everything is sealed before anything is written: a file that can't be opened leaves all as they are.
    let mut edits = Edits {
        root: &scene.project.root,
        key: &args.key,
        value: &value,
        identities: None,
    };
    let mut texts = Vec::new();
    for (needs, secret) in chosen {
        let path = secret.path(&needs.cluster);
        let text = edits.sealed(needs, secret, &path)?;
        texts.push((path, text));
    }
    for (path, text) in texts {
        match text {
            Some(text) => {
                store::write(&scene.project.root, &path, &text)?;
                println!("sealed `{}` in {path}", args.key);
            }
            None => println!("unchanged {path}"),
        }
    }
    for (needs, secret) in other.iter().filter(|(_, secret)| secret.is_ini) {
        let path = secret.path(&needs.cluster);
        eprintln!("{path} holds it in a file of another form: write it there with `sops {path}`");
    }
    println!("`formwork build` copies it into the tree");
    Ok(Code::Done)
}

fn no_key(args: &Args, places: &[(&Needs, &Needed)]) -> Box<Diagnostic> {
    let (name, key) = (&args.name, &args.key);
    let keys = places.iter().flat_map(|(_, secret)| &secret.keys);
    let keys: std::collections::BTreeSet<&str> = keys.map(|key| key.as_str()).collect();
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let problem = format!("nothing needs a key `{key}` of the Secret `{name}`");
    let help = match places.iter().find(|(_, secret)| secret.is_ini) {
        Some((needs, secret)) => format!(
            "it is a credentials file, which `sops {}` edits",
            secret.path(&needs.cluster)
        ),
        None => format!("its keys: {}", keys.join(", ")),
    };
    Box::new(Diagnostic::error("no-secret-key", problem).help(help))
}

/// The value: what is typed, unseen, or what stdin holds. Never an argument: those are seen by everybody on the machine.
fn ask(key: &str) -> Result<SecretValue, Box<Diagnostic>> {
    let failed = |problem: std::io::Error| {
        Box::new(Diagnostic::error(
            "no-value",
            format!("no value was read: {problem}"),
        ))
    };
    let value = if std::io::stdin().is_terminal() {
        let typed = rpassword::prompt_password(format!("{key}: ")).map_err(failed)?;
        SecretValue::new(typed)
    } else {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
        // Editors and `echo` end a file with a line break that nobody means.
        if bytes.ends_with(b"\n") && bytes.iter().filter(|byte| **byte == b'\n').count() == 1 {
            bytes.pop();
        }
        SecretValue::new(bytes)
    };
    match value.is_empty() {
        true => Err(Box::new(
            Diagnostic::error("no-value", "the value is empty")
                .help("type it at the prompt, or give it on stdin"),
        )),
        false => Ok(value),
    }
}

struct Edits<'a> {
    root: &'a Path,
    key: &'a str,
    value: &'a SecretValue,
    /// Read when the first file must be opened.
    identities: Option<Identities>,
}

impl Edits<'_> {
    /// The text of a file with the value in it; `None` where it has it already.
    fn sealed(
        &mut self,
        needs: &Needs,
        secret: &Needed,
        path: &str,
    ) -> Result<Option<String>, Box<Diagnostic>> {
        let now = Timestamp::now();
        let Some(sealed) = store::read(self.root, path)? else {
            let recipients = recipients(needs)?;
            let mut new = NewSecret::new(secret.name.as_str(), secret.namespace.as_str());
            let value = SecretValue::new(self.value.expose());
            new.string_data.push((self.key.to_owned(), value));
            let text = new.seal(&recipients, now);
            return text
                .map(Some)
                .map_err(|problem| store::about(path, &problem));
        };
        let identities = match &mut self.identities {
            Some(identities) => identities,
            none => none.insert(store::identities()?),
        };
        let mut opened = store::open(path, &sealed, identities)?;
        // A key stays in the map that has it.
        let changed = match sealed.keys(&["data"]).any(|key| key == self.key) {
            true => {
                let value = SecretValue::new(STANDARD.encode(self.value.expose()));
                opened.set(&["data", self.key], &value)
            }
            false => opened.set(&["stringData", self.key], self.value),
        };
        match changed.map_err(|problem| store::about(path, &problem))? {
            true => opened
                .write(now)
                .map(Some)
                .map_err(|problem| store::about(path, &problem)),
            false => Ok(None),
        }
    }
}

/// For whom a cluster's files are sealed.
fn recipients(needs: &Needs) -> Result<Vec<Recipient>, Box<Diagnostic>> {
    if needs.recipients.is_empty() {
        let problem = format!(
            "the spec does not say for whom the secrets of `{}` are sealed",
            needs.cluster
        );
        return Err(Box::new(
            Diagnostic::error("no-recipients", problem).help(
                "write `secrets: { people: [age1...] }`, and `secrets: { key: age1... }` at each cluster",
            ),
        ));
    }
    let parsed = needs.recipients.iter().map(|text| Recipient::parse(text));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|problem| Box::new(Diagnostic::error("no-recipients", problem.to_string())))
}
