//! What rules say, before it is known how much it matters here.

use super::rule::{Level, Levels, Rule};
use super::view::{Subject, Workload};
use model::object::ObjectId;
use std::borrow::Cow;
use syntax::{OriginId, Text};

/// Something that a rule found: what is wrong, where, and what to do about it.
#[derive(Clone, Debug)]
pub struct Finding {
    pub(super) id: Cow<'static, str>,
    pub(super) levels: Levels,
    pub(super) message: String,
    pub(super) places: Vec<(OriginId, String)>,
    pub(super) help: Vec<String>,
    pub(super) object: Option<ObjectId>,
    pub(super) component: Option<Text>,
    pub(super) because: Option<OriginId>,
}

impl Finding {
    /// What is wrong: a lower-case phrase without a full stop.
    pub fn new(message: impl Into<String>) -> Finding {
        Finding {
            id: Cow::Borrowed(""),
            levels: Levels::all(Level::Off),
            message: message.into(),
            places: Vec::new(),
            help: Vec::new(),
            object: None,
            component: None,
            because: None,
        }
    }

    /// Points at a value, with what to say there; the first call is the primary place.
    #[must_use]
    pub fn at(mut self, origin: OriginId, label: impl Into<String>) -> Finding {
        self.places.push((origin, label.into()));
        self
    }

    /// Says what to do, one sentence.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help.push(text.into());
        self
    }

    /// Names the object that it is about: exceptions ask for it. Rules on objects and workloads need not.
    #[must_use]
    pub fn object(mut self, id: &ObjectId) -> Finding {
        self.object = Some(id.clone());
        self
    }

    /// Names the component or app that it is about, which may have levels and exceptions of its own.
    #[must_use]
    pub fn component(mut self, name: &Text) -> Finding {
        self.component = Some(name.clone());
        self
    }

    /// Why what it is about is there at all: where to point when no line of the user's decides the value itself.
    #[must_use]
    pub fn because(mut self, origin: OriginId) -> Finding {
        self.because = Some(origin);
        self
    }
}

/// Where rules say what they found.
#[derive(Debug)]
pub struct Told {
    id: Cow<'static, str>,
    levels: Levels,
    object: Option<ObjectId>,
    component: Option<Text>,
    because: Option<OriginId>,
    findings: Vec<Finding>,
}

impl Default for Told {
    fn default() -> Self {
        Told {
            id: Cow::Borrowed(""),
            levels: Levels::all(Level::Off),
            object: None,
            component: None,
            because: None,
            findings: Vec::new(),
        }
    }
}

impl Told {
    /// From here on this rule speaks.
    pub fn begin(&mut self, rule: &Rule) {
        self.begin_as(Cow::Borrowed(rule.id), rule.levels);
    }

    /// From here on a rule of this id speaks.
    pub fn begin_as(&mut self, id: Cow<'static, str>, levels: Levels) {
        self.id = id;
        self.levels = levels;
        self.object = None;
        self.component = None;
        self.because = None;
    }

    /// From here on this object is spoken of.
    pub fn about(&mut self, subject: &Subject<'_>) {
        self.object = Some(subject.object.id.clone());
        self.component = subject.component.cloned();
        self.because = Some(subject.object.because);
    }

    /// From here on this workload is spoken of.
    pub fn about_workload(&mut self, workload: &Workload<'_>) {
        self.object = Some(workload.id.clone());
        self.component = workload.component.cloned();
        self.because = Some(workload.because);
    }

    /// Says something.
    pub fn add(&mut self, mut finding: Finding) {
        finding.id = self.id.clone();
        finding.levels = self.levels;
        finding.object = finding.object.or_else(|| self.object.clone());
        finding.component = finding.component.or_else(|| self.component.clone());
        finding.because = finding.because.or(self.because);
        self.findings.push(finding);
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
