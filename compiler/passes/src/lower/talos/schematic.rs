//! The id of an Image Factory schematic, computed without the network: SHA-256 of its canonical YAML.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use syntax::{Kind, Node, Text};

/// What an image holds beside Talos itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schematic {
    /// The overlay for single-board computers: image, name and options.
    pub overlay: Option<Node>,
    /// Arguments of the kernel, in their order.
    pub kernel_args: Vec<Text>,
    /// System extensions, such as `siderolabs/iscsi-tools`.
    pub extensions: Vec<Text>,
}

impl Schematic {
    /// The id that the Image Factory gives it; `None` where a text in it can't be written canonically here.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        let mut id = String::with_capacity(64);
        for byte in Sha256::digest(self.canonical()?) {
            write!(id, "{byte:02x}").ok()?;
        }
        Some(id)
    }

    /// The YAML that the Image Factory hashes: fields in its order, four spaces, nothing that is empty.
    fn canonical(&self) -> Option<String> {
        let mut out = String::new();
        if let Some(overlay) = &self.overlay {
            out.push_str("overlay:\n");
            for key in ["image", "name"] {
                let value = overlay.str_at(&[key]).unwrap_or("");
                writeln!(out, "    {key}: {}", scalar(value, 2)?).ok()?;
            }
            if let Some(options) = overlay
                .get("options")
                .filter(|node| !node.entries().is_empty())
            {
                out.push_str("    options:\n");
                mapping(&mut out, options, 2)?;
            }
        }
        out.push_str("customization:");
        let empty = self.kernel_args.is_empty() && self.extensions.is_empty();
        out.push_str(if empty { " {}\n" } else { "\n" });
        if !self.kernel_args.is_empty() {
            out.push_str("    extraKernelArgs:\n");
        }
        for argument in &self.kernel_args {
            writeln!(out, "        - {}", scalar(argument, 2)?).ok()?;
        }
        if !self.extensions.is_empty() {
            out.push_str("    systemExtensions:\n        officialExtensions:\n");
        }
        for extension in &self.extensions {
            writeln!(out, "            - {}", scalar(extension, 3)?).ok()?;
        }
        Some(out)
    }
}

/// Writes a mapping with sorted keys.
fn mapping(out: &mut String, node: &Node, depth: usize) -> Option<()> {
    let mut entries: Vec<_> = node.entries().iter().collect();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    for entry in entries {
        write!(out, "{}{}:", "    ".repeat(depth), scalar(&entry.key, 0)?).ok()?;
        match entry.value.kind() {
            Kind::Map(map) if !map.is_empty() => {
                out.push('\n');
                mapping(out, &entry.value, depth + 1)?;
            }
            Kind::Map(_) => out.push_str(" {}\n"),
            Kind::String(text) => writeln!(out, " {}", scalar(text, depth + 1)?).ok()?,
            Kind::Number(text) => writeln!(out, " {text}").ok()?,
            Kind::Bool(value) => writeln!(out, " {value}").ok()?,
            Kind::Null => out.push_str(" null\n"),
            Kind::List(_) => return None,
        }
    }
    Some(())
}

/// A scalar as go-yaml writes it: plain where it reads back as the same text, else quoted; `None` for the control
/// characters and rare spaces whose form is not reproduced here.
fn scalar(text: &str, depth: usize) -> Option<String> {
    if text.contains('\n') {
        return block(text, depth);
    }
    let plain_chars = |c: char| (' '..='~').contains(&c) || ('\u{a1}'..='\u{1fff}').contains(&c);
    if !text.chars().all(|c| plain_chars(c) && c != '\u{feff}') {
        return None;
    }
    if resolves(text) {
        return Some(format!("\"{text}\""));
    }
    Some(if is_plain(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    })
}

/// Several lines as a literal block.
fn block(text: &str, depth: usize) -> Option<String> {
    let odd = text.starts_with([' ', '\n', '\t'])
        || text.ends_with("\n\n")
        || text.contains(" \n")
        || text.ends_with(' ')
        || text.chars().any(|c| c != '\n' && !(' '..='~').contains(&c));
    if odd {
        return None;
    }
    let (body, mark) = text
        .strip_suffix('\n')
        .map_or((text, "|-"), |body| (body, "|"));
    let mut out = String::from(mark);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&"    ".repeat(depth));
            out.push_str(line);
        }
    }
    Some(out)
}

/// Whether a plain scalar of this text would be read as something other than text, under YAML 1.1 or 1.2.
fn resolves(text: &str) -> bool {
    let words = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<",
    ];
    let cased = |word: &str| {
        text == word
            || text == word.to_uppercase()
            || (word.len() > 1 && text.eq_ignore_ascii_case(word) && {
                let mut rest = text.chars();
                rest.next().is_some_and(char::is_uppercase) && rest.all(char::is_lowercase)
            })
    };
    words.into_iter().any(cased) || is_number(text) || is_time(text)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if [".inf", ".Inf", ".INF"].contains(&unsigned) || [".nan", ".NaN", ".NAN"].contains(&text) {
        return true;
    }
    let digits = unsigned.replace('_', "");
    for (prefix, radix) in [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            return !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix));
        }
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let sexagesimal = digits.contains(':')
        && digits
            .split(':')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let float = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || b".eE+-".contains(&b))
        && digits.parse::<f64>().is_ok();
    sexagesimal || float
}

fn is_time(text: &str) -> bool {
    let date = text.get(..10).unwrap_or("");
    let rest = text.get(10..).unwrap_or("");
    date.len() == 10
        && date.bytes().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && (rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next();
    let starts_well = match first {
        '-' | '?' | ':' => second.is_some_and(|c| c != ' '),
        _ => !" ,[]{}#&*!|>'\"%@`".contains(first),
    };
    starts_well
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::{Schematic, scalar};
    use syntax::{Node, OriginId};

    fn id(schematic: &Schematic) -> String {
        schematic.id().unwrap_or_default()
    }

    #[test]
    fn ids_are_the_factory_s_own() {
        let none = Schematic::default();
        assert_eq!(
            id(&none),
            "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"
        );
        let arguments = Schematic {
            kernel_args: vec!["noapic".into(), "nolapic".into()],
            ..Schematic::default()
        };
        assert_eq!(
            id(&arguments),
            "9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c"
        );
    }

    #[test]
    fn everything_at_once_is_canonical() {
        let origin = OriginId::default();
        let options = Node::from_entries(
            [
                ("n", Node::integer(3, origin)),
                ("configTxt", Node::string("a\nb", origin)),
            ],
            origin,
        );
        let overlay = Node::from_entries(
            [
                ("name", Node::string("rpi_generic", origin)),
                ("image", Node::string("siderolabs/sbc-raspberrypi", origin)),
                ("options", options),
            ],
            origin,
        );
        let arguments = [
            "noapic",
            "nolapic",
            "console=ttyS0,115200",
            "a: b",
            "true",
            "-x",
        ];
        let more = ["net.ifnames=0", "1e3"];
        let schematic = Schematic {
            overlay: Some(overlay),
            kernel_args: arguments.into_iter().chain(more).map(Into::into).collect(),
            extensions: vec!["siderolabs/a".into(), "siderolabs/b".into()],
        };
        assert_eq!(
            id(&schematic),
            "0db3e8c1254decbde02a462fc57845f5b435708b6dd3dcdb61b0275ef96e9267"
        );
    }

    #[test]
    fn scalars_are_written_as_go_yaml_writes_them() {
        let table = include_str!("scalars.tsv");
        for line in table.lines() {
            let (text, written) = line.split_once('\t').unwrap_or((line, ""));
            assert_eq!(scalar(text, 2).as_deref(), Some(written), "for `{text}`");
        }
        assert_eq!(scalar("a\tb", 2), None);
        assert_eq!(scalar("a\u{2028}b", 2), None);
    }
}
