//! Addresses that let one in: with a password before the host, or with a path that is the secret.

use super::{Leak, random, value};

/// Hosts and paths of webhooks: whoever knows one may post.
const HOOKS: [(&str, &str, &str); 6] = [
    ("discord.com", "/api/webhooks/", "a Discord webhook"),
    ("discordapp.com", "/api/webhooks/", "a Discord webhook"),
    ("hooks.slack.com", "/services/", "a Slack webhook"),
    ("hooks.slack.com", "/triggers/", "a Slack webhook"),
    ("hooks.slack.com", "/workflows/", "a Slack webhook"),
    ("webhook.office.com", "/webhookb2/", "a Teams webhook"),
];

/// The secret of the address whose `://` stands at a place.
pub fn secret(text: &str, at: usize) -> Option<Leak> {
    let start = at + 3;
    let rest = text.get(start..)?;
    let ends = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b',' | b';' | b'|'
            )
    };
    let end = rest.bytes().position(ends).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    if let Some((login, _)) = authority.rsplit_once('@') {
        let Some((user, password)) = login.split_once(':') else {
            return random::is_random(login).then(|| Leak {
                kind: "a token in an address",
                range: start..start + login.len(),
            });
        };
        let from = start + user.len() + 1;
        return is_password(password).then(|| Leak {
            kind: "a password in an address",
            range: from..from + password.len(),
        });
    }
    let (_, hook, kind) = HOOKS
        .iter()
        .find(|(host, hook, _)| authority.ends_with(host) && path.starts_with(hook))?;
    let secret = path.get(hook.len()..)?;
    let length = secret
        .find(|c: char| !c.is_ascii_alphanumeric() && !"/-_@.".contains(c))
        .unwrap_or(secret.len());
    let is_real = length >= 24 && !value::says_example(secret.get(..length)?);
    let from = start + end + hook.len();
    is_real.then(|| Leak {
        kind,
        range: from..from + length,
    })
}

fn is_password(text: &str) -> bool {
    let is_word = ["pass", "pw", "pwd", "password", "secret", "token", "x"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text));
    !text.is_empty()
        && !is_word
        && !text.starts_with(['$', '%', '{', '<', '*', '('])
        && !value::has_hole(text)
        && !value::is_placeholder(text)
}
