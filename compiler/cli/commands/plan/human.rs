//! For a terminal: what it does first, then each change once, within a hundred columns.

use super::{Shown, words};
use passes::plan::{Change, Class, Counts, Field, Group, Place, Verb};
use std::collections::BTreeSet;
use std::fmt::Write;
use syntax::Text;

/// Columns that a line may have.
const WIDEST: usize = 100;
/// Lines of one value.
const BLOCK: usize = 12;
/// Names of clusters in one line.
const NAMES: usize = 4;
/// Things that one effect is told of.
const SUBJECTS: usize = 6;
/// Effects of one kind, and clusters that come or go.
const SHOWN: usize = 12;

const GREEN: &str = "32";
const YELLOW: &str = "33";
const RED: &str = "31";
const BOLD: &str = "1";
const DIM: &str = "2";

/// A plan as a person reads it.
pub fn render(shown: &Shown<'_>, color: bool) -> String {
    let mut page = Page {
        shown,
        color,
        text: String::new(),
    };
    page.head();
    page.effects();
    page.whole();
    for group in &shown.plan.groups {
        page.group(group);
    }
    page.text
}

struct Page<'a> {
    shown: &'a Shown<'a>,
    color: bool,
    text: String,
}

impl Page<'_> {
    fn head(&mut self) {
        let base = words::base(self.shown.base);
        let summary = self.paint(BOLD, &words::summary(self.shown.plan));
        self.put(&format!("{}: {summary}", self.shown.platform));
        let compared = self.paint(DIM, &format!("compared with {base}"));
        self.put(&compared);
    }

    /// What the changes do, by kind.
    fn effects(&mut self) {
        let lines = words::effects(self.shown.plan);
        if !lines.is_empty() {
            self.put("");
        }
        for lines in lines.chunk_by(|a, b| a.class == b.class) {
            for (at, line) in lines.iter().take(SHOWN).enumerate() {
                let word = if at == 0 { line.class.word() } else { "" };
                let word = self.paint(grave(line.class), &format!("{word:<10}"));
                let subjects = words::list(&line.subjects, SUBJECTS);
                let clusters = words::clusters(line.clusters, self.shown.plan, NAMES);
                let text = format!("{}: {subjects} {clusters}", line.text);
                for (at, part) in words::wrap(&text, WIDEST - 12).iter().enumerate() {
                    match at {
                        0 => self.put(&format!("  {word}{part}")),
                        _ => self.put(&format!("{:12}{part}", "")),
                    }
                }
            }
            let more = lines.len().saturating_sub(SHOWN);
            if more > 0 {
                self.put(&format!("  {:<10}and {more} more", ""));
            }
        }
    }

    /// Clusters that come or go as a whole.
    fn whole(&mut self) {
        let plan = self.shown.plan;
        for (list, sign, color, verb) in [
            (&plan.added, '+', GREEN, "is new"),
            (&plan.removed, '-', RED, "is no longer described"),
        ] {
            if !list.is_empty() {
                self.put("");
            }
            for (name, counts) in list.iter().take(SHOWN) {
                let sign = self.paint(color, &sign.to_string());
                let objects = words::plural(counts.objects(), "object");
                self.put(&format!("{sign} cluster {name} {verb}: {objects}"));
            }
            let rest = list.get(SHOWN..).unwrap_or_default();
            if !rest.is_empty() {
                let objects: usize = rest.iter().map(|(_, counts)| counts.objects()).sum();
                let (clusters, objects) = (
                    words::plural(rest.len(), "more cluster"),
                    words::plural(objects, "object"),
                );
                self.put(&format!("  and {clusters}: {objects}"));
            }
        }
    }

    fn group(&mut self, group: &Group) {
        self.put("");
        let clusters = words::clusters(&group.clusters, self.shown.plan, NAMES);
        let title = self.paint(BOLD, &clusters);
        self.put(&title);
        let (derived, own): (Vec<&Change>, Vec<&Change>) = group
            .changes
            .iter()
            .partition(|change| change.subject.is_derived());
        for unit in own.chunk_by(|a, b| a.unit == b.unit) {
            let name = unit.first().map_or("", |change| change.unit.as_str());
            let counts = words::counts(Counts::of(unit.iter().copied()));
            let counts = self.paint(DIM, &counts);
            self.put(&format!("  {name}: {counts}"));
            for change in unit {
                self.change(change, &group.clusters);
            }
        }
        if !derived.is_empty() {
            let names: Vec<Text> = derived
                .iter()
                .map(|change| words::subject(change, &group.clusters).into())
                .collect();
            let line = format!("  also rewritten: {}", words::list(&names, 2));
            let line = self.paint(DIM, &line);
            self.put(&line);
        }
    }

    fn change(&mut self, change: &Change, clusters: &[Text]) {
        let color = match change.verb {
            Verb::Added => GREEN,
            Verb::Changed | Verb::Orphaned => YELLOW,
            Verb::Removed => RED,
        };
        let sign = self.paint(color, &words::sign(change.verb).to_string());
        let mut line = format!("    {sign} {}", words::subject(change, clusters));
        let remarks = words::remarks(change);
        if !remarks.is_empty() {
            let _ = write!(line, ": {remarks}");
        }
        line.push_str(&self.because(&change.because));
        self.put(&line);
        for field in &change.fields {
            self.field(field);
        }
        if let Some(prose) = change
            .prose
            .as_ref()
            .filter(|_| !change.subject.is_derived())
        {
            for line in prose
                .diff
                .lines()
                .filter(|line| !line.starts_with("@@"))
                .take(BLOCK)
            {
                self.put(&format!("        {}", words::cut(line, WIDEST - 8)));
            }
        }
    }

    fn field(&mut self, field: &Field) {
        let because = self.because(&field.because);
        let (sign, color) = match (&field.old, &field.new) {
            (None, _) => ("+", GREEN),
            (Some(_), None) => ("-", RED),
            (Some(_), Some(_)) => ("~", YELLOW),
        };
        let sign = self.paint(color, sign);
        if let Some(line) = words::line(field, WIDEST - 10) {
            return self.put(&format!("        {sign} {line}{because}"));
        }
        let path = words::cut(&field.path(), WIDEST - 12);
        self.put(&format!("        {sign} {path}:{because}"));
        if let Some(lines) = words::lines(field, BLOCK) {
            for line in lines {
                let color = match line.chars().next() {
                    Some('+') => GREEN,
                    Some('-') => RED,
                    Some(_) | None => DIM,
                };
                let line = self.paint(color, &words::cut(&line, WIDEST - 12));
                self.put(&format!("            {line}"));
            }
            return;
        }
        for (value, sign, color) in [(&field.old, "-", RED), (&field.new, "+", GREEN)] {
            for line in value.iter().flat_map(|value| words::block(value, BLOCK)) {
                let line = words::cut(&line, WIDEST - 14);
                let line = self.paint(color, &format!("{sign} {line}"));
                self.put(&format!("            {line}"));
            }
        }
    }

    fn because(&self, places: &BTreeSet<Place>) -> String {
        match places.is_empty() {
            true => String::new(),
            false => {
                let places = words::because(places, self.shown.base);
                self.paint(DIM, &format!("  ({places})"))
            }
        }
    }

    fn put(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        match self.color && !text.trim().is_empty() {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

fn grave(class: Class) -> &'static str {
    match class {
        Class::Data => RED,
        Class::Orphan | Class::Uninstall | Class::Network | Class::Recreate | Class::Machine => {
            YELLOW
        }
        Class::Version | Class::Rollout | Class::Scale | Class::Upgrade => BOLD,
    }
}
