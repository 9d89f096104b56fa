//! For a terminal: what it does first, then each change once, within a hundred columns.

use super::{Shown, words};
use passes::plan::{Change, Class, Counts, Field, Group, Verb};
use std::fmt::Write;
use syntax::Text;

/// Columns that a line may have.
const WIDEST: usize = 100;
/// Lines of one value.
const BLOCK: usize = 12;
/// Names of clusters in one line.
const NAMES: usize = 8;
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
        let effects = &self.shown.plan.effects;
        if !effects.is_empty() {
            self.put("");
        }
        let mut last: Option<(Class, usize)> = None;
        for (effect, places) in effects {
            let count = match last {
                Some((class, count)) if class == effect.class => count + 1,
                Some(_) | None => 1,
            };
            last = Some((effect.class, count));
            if count > SHOWN {
                continue;
            }
            let word = match count {
                1 => effect.class.word(),
                _ => "",
            };
            let word = self.paint(grave(effect.class), &format!("{word:<10}"));
            let place = self.paint(DIM, &words::clusters(places, NAMES));
            self.put(&format!("  {word}{}  {place}", effect.text));
            let rest = effects
                .iter()
                .filter(|(other, _)| other.class == effect.class);
            let more = rest.count().saturating_sub(SHOWN);
            if count == SHOWN && more > 0 {
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
        let clusters = words::clusters(&group.clusters, NAMES);
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
        line.push_str(&self.because(&words::because(&change.because, self.shown.base)));
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
        let because = self.because(&words::because(&field.because, self.shown.base));
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
        for (value, sign, color) in [(&field.old, "-", RED), (&field.new, "+", GREEN)] {
            for line in value.iter().flat_map(|value| words::block(value, BLOCK)) {
                let line = words::cut(&line, WIDEST - 14);
                let line = self.paint(color, &format!("{sign} {line}"));
                self.put(&format!("            {line}"));
            }
        }
    }

    fn because(&self, places: &[String]) -> String {
        match places {
            [] => String::new(),
            places => self.paint(DIM, &format!("  ({})", places.join(", "))),
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
