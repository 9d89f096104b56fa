//! Every object against its real schema, each mistake at the line it was made: the component's, or the user's own.

mod texts;

use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use crate::share::share;
use model::object::Object;
use model::structural::{Fault, Mistake, Schemas, Verdict};
use syntax::source::BUILT_IN;
use syntax::{Diagnostic, Diagnostics, Node, Origin, OriginId, Origins, Sources, Span};
use texts::Unfit;

/// Checks the objects of a cell.
pub fn validate(cluster: &Cluster<'_>, cx: &mut Cx<'_>) {
    let mut schemas = Schemas::default();
    for (_, object) in &cx.objects {
        if object.id.kind == "CustomResourceDefinition" {
            schemas.define(&object.node);
        }
    }
    let mut teller = Teller {
        cluster,
        sources: &cluster.platform.sources,
        origins: cx.origins,
        found: cx.found,
    };
    let clusters = cluster.platform.clusters.len();
    let checked = share(clusters, cx.objects.iter().collect(), |(_, object)| {
        (schemas.check(&object.node), texts::unfit(object))
    });
    for ((_, object), (verdict, unfit)) in cx.objects.iter().zip(checked) {
        match verdict {
            Verdict::Checked(mistakes) => {
                for mistake in mistakes {
                    teller.mistake(object, &mistake);
                }
            }
            Verdict::NoKind(near) => teller.no_kind(object, near),
            Verdict::NoVersion(served) => teller.no_version(object, &served),
            // The component that brings the kind says so: else it would be an error already.
            Verdict::NoTable => {}
        }
        for text in unfit {
            teller.unfit(object, &text);
        }
    }
}

/// Tells what is wrong, and where.
struct Teller<'a> {
    cluster: &'a Cluster<'a>,
    sources: &'a Sources,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

impl Teller<'_> {
    fn mistake(&mut self, object: &Object, mistake: &Mistake) {
        let Mistake { path, message, .. } = mistake;
        let message = match mistake.fault {
            Fault::Unknown => format!("unknown field `{path}` in {}", object.id),
            _ if path.is_empty() => format!("{} {message}", object.id),
            Fault::Missing | Fault::Type | Fault::Value | Fault::Double => {
                format!("`{path}` of {} {message}", object.id)
            }
        };
        let mut finding = self.place(mistake.fault.id(), message, mistake.origin, &mistake.label);
        let exact = mistake
            .instead
            .as_ref()
            .and_then(|(there, better)| Some((self.exact(mistake.origin, there)?, better.clone())));
        // How to write a value is no help where it is computed.
        let written = exact.is_some() || mistake.fault != Fault::Type;
        if let Some(help) = mistake.help.as_ref().filter(|_| written) {
            finding.help.insert(0, help.clone());
        }
        if let Some((span, better)) = exact {
            finding = finding.fix(span, better);
        }
        self.found.add(finding);
    }

    fn unfit(&mut self, object: &Object, text: &Unfit) {
        let Unfit {
            path,
            why,
            help,
            origin,
        } = text;
        let message = format!("`{path}` of {} {why}", object.id);
        let mut finding = self.place("unfit-text", message, *origin, "not as it is");
        finding.help.insert(0, (*help).to_owned());
        self.found.add(finding);
    }

    fn no_kind(&mut self, object: &Object, near: Option<&str>) {
        let kind = object
            .node
            .get("kind")
            .map(Node::origin)
            .unwrap_or_default();
        let message = format!(
            "Kubernetes has no kind `{}` in {}",
            object.id.kind,
            group_name(object)
        );
        let mut finding = self.place("unknown-kind", message, kind, "not known");
        if let Some(near) = near {
            finding.help.insert(0, format!("did you mean `{near}`?"));
            if let Some(span) = self.exact(kind, &object.id.kind) {
                finding = finding.fix(span, near);
            }
        }
        self.found.add(finding);
    }

    /// A version that is not known: an error, unless the component that brings the kind is of a version of its own.
    fn no_version(&mut self, object: &Object, served: &[String]) {
        let version = object
            .node
            .get("apiVersion")
            .map(Node::origin)
            .unwrap_or_default();
        let said = object.node.str_at(&["apiVersion"]).unwrap_or_default();
        let message = format!("no `{}` is served at `{said}`", object.id.kind);
        let mut finding = self.place("unknown-version", message, version, "not served");
        let group = &object.id.group;
        let known: Vec<String> = served
            .iter()
            .map(|version| match group.as_str() {
                "" => format!("`{version}`"),
                group => format!("`{group}/{version}`"),
            })
            .collect();
        finding
            .help
            .insert(0, format!("served: {}", known.join(", ")));
        self.found.add(finding);
    }

    /// A finding at the place where a value is from: in a text of the user's if one decides it, the template's beside it.
    fn place(
        &self,
        id: &'static str,
        message: String,
        origin: OriginId,
        label: &str,
    ) -> Diagnostic {
        let place = self.origins.place(origin);
        let own = place.filter(|span| self.is_users(*span));
        let from = match &*self.origins.get(origin) {
            Origin::Span(_) => None,
            Origin::Rule { .. } | Origin::Merged { .. } if own.is_some() => None,
            Origin::Expr { .. } | Origin::Rule { .. } | Origin::Merged { .. } | Origin::Unknown => {
                let spans = self.origins.spans(origin).into_iter();
                let mut others = spans.filter(|span| Some(*span) != place);
                others.find(|span| self.is_users(*span))
            }
        };
        let library = place.filter(|span| self.is_library(*span));
        match (own, from, library) {
            (Some(own), from, _) => {
                let finding = Diagnostic::error(id, message).at(own, label);
                finding.at(from, "from this")
            }
            (None, Some(from), library) => {
                let finding = Diagnostic::error(id, message).at(from, "made from this");
                finding.at(library, label)
            }
            (None, None, Some(library)) => Diagnostic::error(id, message)
                .at(library, label)
                .help("this component comes with formwork: please report it"),
            (None, None, None) => {
                let message =
                    format!("formwork made an object that no API server takes: {message}");
                Diagnostic::error("invalid-object", message)
                    .at(self.origins.place(self.cluster.because), "for this cluster")
                    .help("this is a mistake of formwork's own: please report it")
            }
        }
    }

    fn name(&self, span: Span) -> &str {
        self.sources
            .get(span.file)
            .map_or(BUILT_IN, |source| source.name())
    }

    fn is_users(&self, span: Span) -> bool {
        !self.name(span).starts_with(BUILT_IN)
    }

    fn is_library(&self, span: Span) -> bool {
        let name = self.name(span);
        name.starts_with(BUILT_IN) && !name.starts_with("<formwork>/lower/")
    }

    /// The place of a text, where it stands there as it is.
    fn exact(&self, origin: OriginId, text: &str) -> Option<Span> {
        let span = match &*self.origins.get(origin) {
            Origin::Span(span) => *span,
            Origin::Rule { .. } | Origin::Merged { .. } => self.origins.place(origin)?,
            Origin::Unknown | Origin::Expr { .. } => return None,
        };
        let source = self.sources.get(span.file)?;
        let range = usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?;
        let there = source.text().get(range)?;
        (self.is_users(span) && unquoted(there) == unquoted(text)).then_some(span)
    }
}

/// The words for the group of an object.
fn group_name(object: &Object) -> String {
    match object.id.group.as_str() {
        "" => "its core group".to_owned(),
        group => format!("the group `{group}`"),
    }
}

/// A text without the quotes around it.
fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}
