//! What the starter must know: from flags, from questions on a terminal, else from the folder and its repository.

use super::Args;
use crate::disk::Disk;
use passes::world::World;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;
use syntax::suggest::nearest;

/// The profile of those who state none.
const PROFILE: &str = "homelab";
/// A domain that nobody owns (RFC 2606).
const DOMAIN: &str = "example.org";
/// The level below all profiles, which is none itself.
const DEFAULTS: &str = "defaults";
/// Longest DNS label.
const LABEL: usize = 63;

/// The answers.
#[derive(Debug)]
pub struct Answers {
    pub name: String,
    pub profile: String,
    pub domain: String,
    pub git: Option<String>,
    pub branch: String,
    pub age: Vec<String>,
    /// The spec's folder inside its repository, empty at the top.
    pub below: String,
    /// Whether the folder is the top of its repository, or in none.
    pub at_top: bool,
}

impl Answers {
    /// Gathers them.
    pub fn gather(args: &Args) -> Result<Answers, Box<Diagnostic>> {
        let folder = existing(&args.dir);
        let asks = io::stdin().is_terminal() && io::stderr().is_terminal();
        let answer = |given: &Option<String>, question: &str, default: &str| match given {
            Some(given) => given.clone(),
            None if asks => ask(question, default),
            None => default.to_owned(),
        };
        let repository = top(&folder).map(|top| top.join(".git"));
        let name = answer(&args.name, "name", &label(&args.dir));
        let profile = answer(&args.profile, "profile", PROFILE);
        let domain = answer(&args.domain, "domain", DOMAIN);
        let origin = repository.as_deref().and_then(origin).unwrap_or_default();
        let git = answer(&args.git, "repository", &origin);
        let world = Disk::new(args.dir.clone());
        let below = top(&folder).and_then(|top| folder.strip_prefix(top).ok());
        let below = below.map(slashes).unwrap_or_default();
        let answers = Answers {
            branch: repository
                .as_deref()
                .and_then(branch)
                .unwrap_or_else(|| "main".to_owned()),
            git: Some(url(git.trim())).filter(|url| !url.is_empty()),
            age: args.age.iter().map(|key| key.trim().to_owned()).collect(),
            at_top: below.is_empty(),
            name,
            profile,
            domain,
            below,
        };
        answers.check(&world)?;
        Ok(answers)
    }

    fn check(&self, world: &Disk) -> Result<(), Box<Diagnostic>> {
        let wrong = |message: String, help: &str| {
            Err(Box::new(Diagnostic::error("init", message).help(help)))
        };
        if !is_label(&self.name) {
            let message = format!("`{}` is no name for a platform", self.name);
            return wrong(
                message,
                "use lower-case letters, digits and `-`, such as `--name homelab`",
            );
        }
        if self.domain.is_empty() || !self.domain.split('.').all(is_label) {
            let message = format!("`{}` is no domain", self.domain);
            return wrong(message, "use one such as `--domain home.example.org`");
        }
        let is_plain =
            |text: &str| !text.contains(|c: char| c.is_whitespace() || "#'\"`".contains(c));
        let texts = self.git.iter().chain(&self.age);
        if let Some(odd) = texts.clone().find(|text| !is_plain(text)) {
            return wrong(
                format!("`{odd}` is neither a repository nor a recipient"),
                "check its quotes",
            );
        }
        let form = model::form::of("age-recipient");
        let odd = self.age.iter().find_map(|key| {
            let broken = (form?.check)(key).err()?;
            let shown = match broken.is_secret {
                true => "what `--age` is given".to_owned(),
                false => format!("`{key}`"),
            };
            Some(format!("{shown} is no age recipient: {}", broken.why))
        });
        if let Some(message) = odd {
            let help = "recipients begin with `age1`: `age-keygen -y KEYFILE` prints yours";
            return wrong(message, help);
        }
        let profiles = world.list("profiles");
        let profiles: Vec<&str> = profiles
            .iter()
            .filter_map(|name| name.strip_suffix(".yaml"))
            .filter(|name| *name != DEFAULTS)
            .collect();
        if !profiles.contains(&self.profile.as_str()) {
            let near = nearest(&self.profile, profiles.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", profiles.join(", ")),
            };
            return wrong(format!("there is no profile `{}`", self.profile), &help);
        }
        Ok(())
    }
}

/// Asks on the terminal; an empty line, or none, takes the default.
fn ask(question: &str, default: &str) -> String {
    let mut line = String::new();
    let shown = if default.is_empty() { "none" } else { default };
    let _ = write!(io::stderr(), "{question} [{shown}]: ");
    let read = io::stdin().read_line(&mut line).unwrap_or(0);
    match line.trim() {
        "" => default.to_owned(),
        _ if read == 0 => default.to_owned(),
        answer => answer.to_owned(),
    }
}

/// The folder, or the one above it that is there already.
fn existing(folder: &Path) -> PathBuf {
    let here = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    match here.canonicalize() {
        Ok(real) => real,
        Err(_) => here
            .parent()
            .map_or_else(|| PathBuf::from("."), existing)
            .join(here.file_name().unwrap_or_default()),
    }
}

/// A platform's name from its folder's.
fn label(folder: &Path) -> String {
    let folder = existing(folder);
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(plain).take(LABEL).collect();
    match name.trim_matches('-') {
        "" => "platform".to_owned(),
        name => name.to_owned(),
    }
}

fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=LABEL).contains(&text.len())
        && text.chars().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The top of the repository that a folder belongs to.
fn top(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// A path with `/`.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The URL of the remote `origin`.
fn origin(git: &Path) -> Option<String> {
    let config = fs::read_to_string(git.join("config")).ok()?;
    let mut lines = config
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[remote \"origin\"]");
    lines.next()?;
    let mut section = lines.take_while(|line| !line.starts_with('['));
    let url = section.find_map(|line| line.strip_prefix("url")?.trim_start().strip_prefix('='))?;
    // A folder on this disk is nothing that a cluster could read.
    let url = url.trim();
    url.contains(':').then(|| url.to_owned())
}

/// The branch that is checked out.
fn branch(git: &Path) -> Option<String> {
    let head = fs::read_to_string(git.join("HEAD")).ok()?;
    head.trim()
        .strip_prefix("ref: refs/heads/")
        .map(str::to_owned)
}

/// A repository as Flux wants it: `git@host:path` is `ssh://git@host/path`.
fn url(text: &str) -> String {
    if text.contains("://") {
        return text.to_owned();
    }
    match text.split_once(':') {
        Some((host, path)) if host.contains('@') => {
            format!("ssh://{host}/{}", path.trim_start_matches('/'))
        }
        Some(_) | None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_written_as_flux_wants_them() {
        assert_eq!(
            url("git@github.com:me/x.git"),
            "ssh://git@github.com/me/x.git"
        );
        assert_eq!(url("https://github.com/me/x"), "https://github.com/me/x");
        assert_eq!(url(""), "");
    }

    #[test]
    fn the_remote_and_the_branch_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let config = "[core]\n\tbare = false\n[remote \"up\"]\n\turl = a:b\n[remote \"origin\"]\n\tfetch = x\n\turl = git@host:me/x.git\n[branch \"main\"]\n";
        fs::write(folder.path().join("config"), config).unwrap();
        fs::write(folder.path().join("HEAD"), "ref: refs/heads/trunk\n").unwrap();
        assert_eq!(origin(folder.path()).as_deref(), Some("git@host:me/x.git"));
        assert_eq!(branch(folder.path()).as_deref(), Some("trunk"));
    }

    #[test]
    fn folders_make_names() {
        assert_eq!(label(Path::new("/nowhere/My Platform.d")), "my-platform-d");
        assert_eq!(label(Path::new("/nowhere/___")), "platform");
        assert!(is_label("a-1") && !is_label("-a") && !is_label("A") && !is_label(""));
    }
}
