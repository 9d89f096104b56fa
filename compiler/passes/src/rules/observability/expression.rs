//! Expressions of Prometheus, as far as rules read them: whether brackets and quotes close, and which series are asked for.

/// What is wrong with an expression that no version of Prometheus reads; `None` where that is not known.
pub fn problem(text: &str) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    let mut asks = false;
    for part in parts(text) {
        match part {
            Part::Open(bracket) => open.push(bracket),
            Part::Close(bracket) => match open.pop() {
                Some(opened) if closes(opened) == bracket => {}
                Some(opened) => return Some(format!("`{opened}` is closed by `{bracket}`")),
                None => return Some(format!("`{bracket}` closes nothing")),
            },
            Part::Unclosed(quote) => {
                return Some(format!("a text that begins with {quote} does not end"));
            }
            Part::Name(_) | Part::Other => {}
        }
        asks = true;
    }
    match open.pop() {
        Some(opened) => Some(format!("`{opened}` is not closed")),
        None if !asks => Some("it is empty".to_owned()),
        None => None,
    }
}

/// The names of the series that an expression asks for, as far as they are written out; names of labels and functions are none.
pub fn series(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut braces = 0_usize;
    // How deep the parentheses are, and at which depth a list of labels began.
    let (mut depth, mut labels) = (0_usize, None);
    let mut last: Option<&str> = None;
    for part in parts(text) {
        // `rate(`, `sum by (`
        let calls = matches!(part, Part::Open('(') | Part::Name("by" | "without"));
        if let Some(name) = last.take()
            && !calls
        {
            found.push(name);
        }
        match part {
            Part::Open('{') => braces += 1,
            Part::Close('}') => braces = braces.saturating_sub(1),
            Part::Open('(') => depth += 1,
            Part::Close(')') => {
                if labels == Some(depth) {
                    labels = None;
                }
                depth = depth.saturating_sub(1);
            }
            Part::Name(word) if takes_labels(word) => labels = labels.or(Some(depth + 1)),
            Part::Name(name) if braces == 0 && labels.is_none_or(|at| at > depth) => {
                last = Some(name);
                // Between `by` and its list stands nothing else: this was no list of labels.
                labels = None;
            }
            Part::Open(_) | Part::Close(_) | Part::Unclosed(_) | Part::Name(_) | Part::Other => {}
        }
    }
    found.extend(last);
    found
}

fn takes_labels(word: &str) -> bool {
    matches!(
        word,
        "by" | "without" | "on" | "ignoring" | "group_left" | "group_right"
    )
}

fn closes(opened: char) -> char {
    match opened {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// A part of an expression; what stands between quotes and behind `#` is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Open(char),
    Close(char),
    /// A text that does not end, by its quote.
    Unclosed(char),
    Name(&'a str),
    /// A number, an operator or a text.
    Other,
}

fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let first = rest.chars().next()?;
            if first != '#' {
                let (part, tail) = part(rest, first);
                rest = tail;
                return Some(part);
            }
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    })
}

/// The part at the start of a text, and what follows it.
fn part(text: &str, first: char) -> (Part<'_>, &str) {
    let after = text.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '(' | '[' | '{' => (Part::Open(first), after),
        ')' | ']' | '}' => (Part::Close(first), after),
        '"' | '\'' | '`' => match end_of_text(after, first) {
            Some(tail) => (Part::Other, tail),
            None => (Part::Unclosed(first), ""),
        },
        _ if is_start(first) => {
            let end = text.find(|c: char| !is_inner(c)).unwrap_or(text.len());
            let (name, tail) = text.split_at_checked(end).unwrap_or((text, ""));
            (Part::Name(name), tail)
        }
        // A number with its unit: `5m` is no name.
        _ if first.is_ascii_digit() => {
            let end = text.find(|c: char| !is_inner(c) && c != '.');
            (
                Part::Other,
                end.and_then(|end| text.get(end..)).unwrap_or_default(),
            )
        }
        _ => (Part::Other, after),
    }
}

/// What stands behind the end of a text; a backslash counts, but in backquotes.
fn end_of_text(text: &str, quote: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return text.get(at + c.len_utf8()..);
        }
        escaped = c == '\\' && !escaped && quote != '`';
    }
    None
}

fn is_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == ':'
}

fn is_inner(c: char) -> bool {
    is_start(c) || c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::{problem, series};

    #[test]
    fn what_does_not_close_is_wrong() {
        for (text, wrong) in [
            ("sum(rate(a[5m])) by (b) > 0", false),
            ("a{b=\"(\"} # ( not here", false),
            ("a{b=~`x\\`}", false),
            ("a{b='it\\'s'}", false),
            ("sum(a", true),
            ("a)", true),
            ("a[5m)", true),
            ("a{b=\"c}", true),
            ("  # nothing", true),
        ] {
            assert_eq!(problem(text).is_some(), wrong, "{text}");
        }
    }

    #[test]
    fn series_are_told_from_labels_and_functions() {
        for (text, names) in [
            (
                "sum by (ceph_daemon) (rate(ceph_osd_op[5m]))",
                vec!["ceph_osd_op"],
            ),
            (
                "a_b{c=\"d\"} * on (loki_x) group_left (loki_y) e:f > 1",
                vec!["a_b", "e:f"],
            ),
            (
                "rate(a[$__rate_interval]) offset 5m",
                vec!["a", "__rate_interval", "offset"],
            ),
            ("sum(cnpg_up) without (cnpg_z)", vec!["cnpg_up"]),
            ("a * on (b) group_left c", vec!["a", "c"]),
        ] {
            assert_eq!(series(text), names, "{text}");
        }
    }
}
