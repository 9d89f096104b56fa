//! Shapes of tokens: what the services that give them out put before them, so that they can be found.

use super::{Leak, random, value};
use std::ops::Range;

/// What a token is made of.
#[derive(Clone, Copy)]
enum Letters {
    /// Letters and digits.
    Plain,
    /// Letters, digits, `-` and `_`.
    Marked,
    /// Letters, digits, `-`, `_` and `.`.
    Dotted,
    /// Lower-case hex.
    Hex,
}

use Letters::{Dotted, Hex, Marked, Plain};

/// More of a token than this is not looked at.
const LONGEST: usize = 256;

/// How a token starts, what follows, how much of it at least, and what it is.
type Shape = (&'static str, Letters, usize, &'static str);

const A: [Shape; 4] = [
    ("AGE-SECRET-KEY-", Marked, 58, "an age key"),
    ("AIza", Marked, 35, "a Google API key"),
    ("AKIA", Plain, 16, "an AWS access key"),
    ("ASIA", Plain, 16, "an AWS access key"),
];
const LOWER_A: [Shape; 1] = [("apify_api_", Plain, 30, "an Apify token")];
const ATLASSIAN: [Shape; 1] = [("ATATT3x", Marked, 60, "an Atlassian token")];
const D: [Shape; 5] = [
    ("dapi", Hex, 32, "a Databricks token"),
    ("dckr_pat_", Marked, 20, "a Docker Hub token"),
    ("dop_v1_", Hex, 64, "a DigitalOcean token"),
    ("doo_v1_", Hex, 64, "a DigitalOcean token"),
    ("dor_v1_", Hex, 64, "a DigitalOcean token"),
];
const G: [Shape; 18] = [
    ("ghp_", Plain, 36, "a GitHub token"),
    ("gho_", Plain, 36, "a GitHub token"),
    ("ghu_", Plain, 36, "a GitHub token"),
    ("ghs_", Plain, 36, "a GitHub token"),
    ("ghr_", Plain, 36, "a GitHub token"),
    ("github_pat_", Marked, 59, "a GitHub token"),
    ("glpat-", Dotted, 20, "a GitLab token"),
    ("gldt-", Marked, 20, "a GitLab token"),
    ("glrt-", Dotted, 20, "a GitLab token"),
    ("glcbt-", Marked, 20, "a GitLab token"),
    ("glptt-", Marked, 20, "a GitLab token"),
    ("glft-", Marked, 20, "a GitLab token"),
    ("glimt-", Marked, 20, "a GitLab token"),
    ("glagent-", Marked, 20, "a GitLab token"),
    ("gloas-", Marked, 20, "a GitLab token"),
    ("glsoat-", Marked, 20, "a GitLab token"),
    ("glsa_", Marked, 32, "a Grafana token"),
    ("glc_", Plain, 32, "a Grafana token"),
];
const GOOGLE: [Shape; 1] = [("GOCSPX-", Marked, 28, "a Google client secret")];
const H: [Shape; 1] = [("hf_", Plain, 30, "a Hugging Face token")];
const L: [Shape; 1] = [("lin_api_", Plain, 32, "a Linear key")];
const N: [Shape; 3] = [
    ("nfp_", Plain, 36, "a Netlify token"),
    ("npm_", Plain, 36, "an npm token"),
    ("ntn_", Plain, 40, "a Notion token"),
];
const NEW_RELIC: [Shape; 1] = [("NRAK-", Plain, 27, "a New Relic key")];
const P: [Shape; 4] = [
    ("pat-", Marked, 36, "a HubSpot token"),
    ("pscale_", Dotted, 32, "a PlanetScale token"),
    ("pul-", Hex, 40, "a Pulumi token"),
    ("pypi-", Marked, 50, "a PyPI token"),
];
const S: [Shape; 10] = [
    ("shpat_", Hex, 32, "a Shopify token"),
    ("shpss_", Hex, 32, "a Shopify token"),
    ("sk-ant-", Marked, 40, "an Anthropic key"),
    ("sk-or-", Marked, 40, "an OpenRouter key"),
    ("sk-", Marked, 40, "an OpenAI key"),
    ("sk_live_", Plain, 20, "a Stripe key"),
    ("sk_test_", Plain, 20, "a Stripe key"),
    ("sntrys_", Marked, 40, "a Sentry token"),
    ("sntryu_", Hex, 40, "a Sentry token"),
    ("sbp_", Hex, 40, "a Supabase token"),
];
const R: [Shape; 2] = [
    ("rk_live_", Plain, 20, "a Stripe key"),
    ("rk_test_", Plain, 20, "a Stripe key"),
];
const TWILIO: [Shape; 1] = [("SK", Hex, 32, "a Twilio key")];
const POSTMAN: [Shape; 2] = [
    ("PMAK-", Marked, 50, "a Postman key"),
    ("PuTTY-User-Key-File-", Plain, 1, "a private key"),
];
const T: [Shape; 1] = [("tskey-", Marked, 20, "a Tailscale key")];
const W: [Shape; 1] = [("whsec_", Plain, 24, "a Stripe key")];
const X: [Shape; 7] = [
    ("xapp-", Marked, 30, "a Slack token"),
    ("xoxa-", Marked, 20, "a Slack token"),
    ("xoxb-", Marked, 20, "a Slack token"),
    ("xoxe-", Marked, 20, "a Slack token"),
    ("xoxp-", Marked, 20, "a Slack token"),
    ("xoxr-", Marked, 20, "a Slack token"),
    ("xoxs-", Marked, 20, "a Slack token"),
];

/// Tokens whose start is a short word with a dot behind it: the word, how much follows at least, and what it is.
const DOTTED: [(&str, usize, &str); 4] = [
    ("dp.pt", 40, "a Doppler token"),
    ("hvb", 24, "a Vault token"),
    ("hvr", 24, "a Vault token"),
    ("hvs", 24, "a Vault token"),
];

/// The token that starts at a place.
pub fn starting(text: &str, at: usize) -> Option<Leak> {
    let rest = text.get(at..)?;
    let second = rest.as_bytes().get(1).copied();
    let shapes: &[Shape] = match (rest.as_bytes().first()?, second?) {
        (b'A', b'T') => &ATLASSIAN,
        (b'A', _) => &A,
        (b'a', b'p') => &LOWER_A,
        (b'd', _) => &D,
        (b'e', b'y') => return jwt(text, at),
        (b'g', b'h' | b'i' | b'l') => &G,
        (b'G', b'O') => &GOOGLE,
        (b'h', b'f') => &H,
        (b'l', b'i') => &L,
        (b'n', b'f' | b'p' | b't') => &N,
        (b'N', b'R') => &NEW_RELIC,
        (b'p', b'a' | b's' | b'u' | b'y') => &P,
        (b'P', _) => &POSTMAN,
        (b'r', b'k') => &R,
        (b's', b'h' | b'k' | b'n' | b'b') => &S,
        (b'S', b'K') => &TWILIO,
        (b't', b's') => &T,
        (b'w', b'h') => &W,
        (b'x', b'a' | b'o') => &X,
        (b'M' | b'N' | b'O', _) => return discord(text, at).or_else(|| der(text, at)),
        _ => return None,
    };
    let rest = rest.get(..rest.floor_char_boundary(LONGEST))?;
    let (start, body, kind) = shapes.iter().find_map(|(start, letters, least, kind)| {
        let body = leading(rest.strip_prefix(start)?, *letters);
        (body.len() >= *least).then_some((start, body, *kind))
    })?;
    // Words behind `sk-` or `pat-` are no token.
    let is_words = body.contains(['-', '_']) && value::is_name(body);
    let is_real = !value::says_example(body) && !is_words;
    is_real.then(|| found(kind, at..at + start.len() + body.len()))
}

/// The token whose last part is a word that stands behind `.` or `:`.
pub fn ending(text: &str, word: Range<usize>) -> Option<Leak> {
    let before = text.get(..word.start)?;
    let body = text.get(word.clone())?;
    if let Some(before) = before.strip_suffix(':') {
        let digits = before
            .bytes()
            .rev()
            .take(12)
            .take_while(u8::is_ascii_digit)
            .count();
        let body = leading(body, Marked);
        let is_bot = (8..=11).contains(&digits) && body.len() == 35 && body.starts_with("AA");
        let range = word.start - 1 - digits..word.start + body.len();
        return is_bot.then(|| found("a Telegram bot's token", range));
    }
    let before = before.strip_suffix('.')?;
    if before.ends_with("SG") && body.len() == 22 {
        let rest = text.get(word.end..)?.strip_prefix('.')?;
        let secret = leading(rest, Marked);
        let range = word.start - 3..word.end + 1 + secret.len();
        return (secret.len() >= 40).then(|| found("a SendGrid key", range));
    }
    let dotted = DOTTED.iter().find(|(start, least, _)| {
        before.ends_with(start) && body.len() >= *least && !value::says_example(body)
    });
    if let Some((start, _, kind)) = dotted {
        return Some(found(kind, word.start - 1 - start.len()..word.end));
    }
    bootstrap(text, before, word)
}

/// A token that lets nodes join: six letters or digits, a dot, sixteen.
fn bootstrap(text: &str, before: &str, word: Range<usize>) -> Option<Leak> {
    let body = text.get(word.clone())?;
    let is_lower = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let id = before.bytes().rev().take(7).take_while(is_lower).count();
    let around = before
        .len()
        .checked_sub(7)
        .and_then(|at| before.as_bytes().get(at));
    let ends_there = !around.is_some_and(|byte| matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let follows = text.as_bytes().get(word.end);
    let goes_on = follows.is_some_and(|byte| matches!(byte, b'.' | b':'));
    let is_one = id == 6
        && body.len() == 16
        && body.bytes().all(|byte| is_lower(&byte))
        && ends_there
        && !goes_on
        && !value::is_name(body)
        && random::is_varied(body);
    is_one.then(|| found("a bootstrap token", word.start - 7..word.end))
}

/// A signed token of three parts.
fn jwt(text: &str, at: usize) -> Option<Leak> {
    let rest = text.get(at..)?;
    let header = leading(rest, Marked);
    let payload = rest.get(header.len()..)?.strip_prefix('.')?;
    let body = leading(payload, Marked);
    let signature = leading(payload.get(body.len()..)?.strip_prefix('.')?, Marked);
    let is_jwt = rest.starts_with("eyJ") && body.starts_with("eyJ") && signature.len() >= 20;
    let length = header.len() + body.len() + signature.len() + 2;
    is_jwt.then(|| found("a signed token", at..at + length))
}

/// A bot's id in base64, a time, a signature.
fn discord(text: &str, at: usize) -> Option<Leak> {
    let rest = text.get(at..)?;
    let id = leading(rest, Marked);
    let time = rest.get(id.len()..)?.strip_prefix('.')?;
    let time_length = leading(time, Marked).len();
    let signature = leading(time.get(time_length..)?.strip_prefix('.')?, Marked);
    let is_bot = (23..=28).contains(&id.len()) && time_length == 6 && signature.len() >= 27;
    let length = id.len() + time_length + signature.len() + 2;
    is_bot.then(|| found("a Discord bot's token", at..at + length))
}

/// A private key without the lines around it: it starts with a length and the version 0, where a certificate has no version.
fn der(text: &str, at: usize) -> Option<Leak> {
    let rest = text.get(at..)?;
    let is_key = rest.starts_with("MII") && rest.get(6..9) == Some("IBA");
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c))
        .unwrap_or(rest.len());
    (is_key && end > 100).then(|| found(super::pem::KIND, at..at + end))
}

fn found(kind: &'static str, range: Range<usize>) -> Leak {
    Leak { kind, range }
}

/// The longest start of a text that is made of these letters.
fn leading(text: &str, letters: Letters) -> &str {
    let fits = |c: char| match letters {
        Plain => c.is_ascii_alphanumeric(),
        Marked => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
        Dotted => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
        Hex => c.is_ascii_digit() || ('a'..='f').contains(&c),
    };
    let end = text.find(|c: char| !fits(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}
