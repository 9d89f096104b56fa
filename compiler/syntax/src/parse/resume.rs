//! The top-level parts of a text, told by their looks: for texts that the parser can't read.

/// Where reading can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// At the next key or item of the document.
    Part(usize),
    /// At the next document.
    Document(usize),
}

impl Next {
    pub(super) fn place(self) -> usize {
        match self {
            Next::Part(at) | Next::Document(at) => at,
        }
    }
}

/// The indentation of a document's first line that says something.
pub(super) fn column(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    rest.lines()
        .map(|line| (line, line.trim_start_matches(' ')))
        .find(|(_, said)| !said.trim().is_empty() && !said.starts_with(['#', '%']) && !marks(said))
        .map_or(0, |(line, said)| line.len() - said.len())
}

/// The next part or document that begins on a line after `after`. `list` says what the top level is, if known.
pub(super) fn next(text: &str, after: usize, column: usize, list: Option<bool>) -> Option<Next> {
    let mut at = line_end(text, after)? + 1;
    loop {
        let line = line_at(text, at)?;
        if marks(line) {
            return Some(Next::Document(at));
        }
        let begins = match list {
            Some(true) => item(line, column),
            Some(false) => key(line, column)
                .or_else(|| glued_key(line, column))
                .is_some(),
            None => false,
        };
        if begins {
            return Some(Next::Part(at));
        }
        at = line_end(text, at)? + 1;
    }
}

/// The key of the top-level part that holds a place, and where it stands; `None` where no line tells.
pub(super) fn part(text: &str, start: usize, place: usize, column: usize) -> Option<(&str, usize)> {
    let mut upto = line_end(text, place).unwrap_or(text.len());
    loop {
        let before = text.get(start..upto)?;
        let at = before.rfind('\n').map_or(start, |at| start + at + 1);
        let line = text.get(at..upto)?;
        if let Some((from, name)) = key(line, column).or_else(|| glued_key(line, column)) {
            return Some((name, at + from));
        }
        let foreign = indented(line, column)
            .is_some_and(|said| said.starts_with(|c: char| c.is_alphanumeric() || c == '"'));
        if at <= start || foreign || marks(line) {
            return None;
        }
        upto = at - 1;
    }
}

/// Whether a top-level part begins on the line of this place.
pub(super) fn begins(text: &str, place: usize, column: usize) -> bool {
    let line = line_start(text, place);
    line_at(text, line).is_some_and(|line| key(line, column).is_some() || marks(line))
}

/// Follows brackets and braces that open and close between two places.
pub(super) fn brackets(text: &str, from: usize, to: usize, open: &mut Vec<usize>) {
    let between = text.get(from..to).unwrap_or_default();
    let mut quote = None;
    let mut comment = false;
    let mut before = ' ';
    for (at, c) in between.char_indices() {
        if let Some(end) = quote {
            if c == end && before != '\\' {
                quote = None;
            }
        } else if comment {
            comment = c != '\n';
        } else {
            let begins = before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':');
            match c {
                '"' | '\'' if begins => quote = Some(c),
                '#' if before.is_whitespace() => comment = true,
                '[' | '{' if begins => open.push(from + at),
                ']' | '}' => {
                    open.pop();
                }
                _ => {}
            }
        }
        before = c;
    }
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, place: usize) -> usize {
    let before = text.get(..place).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of a place ends, at its line break.
pub(super) fn line_end(text: &str, place: usize) -> Option<usize> {
    text.get(place..)?.find('\n').map(|at| place + at)
}

/// The line that begins here, without its line break.
pub(super) fn line_at(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let line = rest.split('\n').next().unwrap_or(rest);
    Some(line.strip_suffix('\r').unwrap_or(line))
}

/// `---` or `...`.
fn marks(line: &str) -> bool {
    let rest = line
        .strip_prefix("---")
        .or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn indented(line: &str, column: usize) -> Option<&str> {
    let (blank, said) = line.split_at_checked(column)?;
    (blank.bytes().all(|b| b == b' ') && !said.starts_with([' ', '\t', '#'])).then_some(said)
}

fn item(line: &str, column: usize) -> bool {
    indented(line, column).is_some_and(|said| {
        let rest = said.strip_prefix('-');
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// The key that a line begins with, and where in the line it stands.
pub(super) fn key(line: &str, column: usize) -> Option<(usize, &str)> {
    let said = indented(line, column)?;
    if let Some(quote) = said.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = said.get(1..)?;
        let end = inside.find(quote)?;
        let rest = inside.get(end + 1..)?.trim_start_matches([' ', '\t']);
        return is_colon(rest).then(|| inside.get(..end).map(|name| (column + 1, name)))?;
    }
    if said.starts_with([
        '-', '?', ':', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '@', '%', '`',
    ]) && !said.starts_with(|c: char| c == '-' && !item(line, column))
    {
        return None;
    }
    let end = said
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| said.get(*at..).is_some_and(is_colon))?;
    let name = said.get(..end)?.trim_end();
    (!name.is_empty() && !name.contains(" #")).then_some((column, name))
}

fn is_colon(rest: &str) -> bool {
    let behind = rest.strip_prefix(':');
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// `key:value`: a key whose colon lacks its space.
fn glued_key(line: &str, column: usize) -> Option<(usize, &str)> {
    let said = indented(line, column)?;
    let end = said.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c)))?;
    let name = said.get(..end)?;
    (!name.is_empty() && !name.starts_with('-') && said.get(end..)?.starts_with(':'))
        .then_some((column, name))
}
