//! What charts and Flux want of a cluster.

use super::{Minor, data, minor};
use syntax::Node;

/// What a version of something wants of the cluster that it is installed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// The oldest Kubernetes that its project says it supports or tests it with.
    pub oldest: Option<Minor>,
    /// The newest one; `None` where nobody states an end.
    pub newest: Option<Minor>,
    /// The oldest Kubernetes that Helm installs it in.
    pub refuses_below: Option<Minor>,
    /// The oldest Gateway API whose kinds it wants.
    pub gateway: Option<Minor>,
}

/// What a chart wants, by its name and version.
#[must_use]
pub fn fit_of_chart(name: &str, version: Minor) -> Option<Fit> {
    fit(&["charts", name, "minors", &super::shown(version)])
}

/// What a version of Flux wants.
#[must_use]
pub fn fit_of_flux(version: Minor) -> Option<Fit> {
    fit(&["flux", "minors", &super::shown(version)])
}

fn fit(path: &[&str]) -> Option<Fit> {
    let node = data().at(path)?;
    let ends = node.get("kubernetes").map_or(&[][..], Node::items);
    let end = |at: usize| ends.get(at).and_then(Node::as_str).and_then(minor);
    Some(Fit {
        oldest: end(0),
        newest: end(1),
        refuses_below: node.str_at(&["refuses"]).and_then(minor),
        gateway: node.str_at(&["gatewayApi"]).and_then(minor),
    })
}

#[cfg(test)]
mod tests {
    use super::{Fit, fit_of_chart, fit_of_flux};

    #[test]
    fn charts_say_what_they_want() {
        let cilium = Fit {
            oldest: Some((1, 33)),
            newest: Some((1, 36)),
            refuses_below: None,
            gateway: Some((1, 6)),
        };
        assert_eq!(fit_of_chart("cilium", (1, 20)), Some(cilium));
        assert_eq!(fit_of_chart("cilium", (1, 99)), None);
        let flux = fit_of_flux((2, 9)).unwrap_or_default();
        assert_eq!((flux.oldest, flux.newest), (Some((1, 33)), None));
    }
}
