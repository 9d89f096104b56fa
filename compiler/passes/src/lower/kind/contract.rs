//! Which kubeadm configuration Kind writes for a Kubernetes version: named questions, and no comparison elsewhere.

use semver::Version;

/// The first minor version whose API server reads what is written here: Pod Security admission is `v1` from there on.
const OLDEST: u64 = 25;
/// The last one that is known.
const NEWEST: u64 = 37;

/// A version to begin with.
pub const EXAMPLE: &str = "1.36.1";

/// The shape of the kubeadm configuration of one Kubernetes version.
#[derive(Clone, Debug)]
pub struct Contract {
    minor: u64,
}

impl Contract {
    /// The contract of a Kubernetes version; what is no version is taken for the newest.
    #[must_use]
    pub fn of(kubernetes: &str) -> Self {
        let version = Version::parse(kubernetes.trim_start_matches('v'));
        Contract {
            minor: version.map_or(u64::MAX, |version| version.minor),
        }
    }

    /// Whether a Kubernetes version is known here; what is no version is told elsewhere.
    ///
    /// # Errors
    /// Why not, and what to do about it.
    pub fn knows(kubernetes: &str) -> Result<(), (String, String)> {
        let Ok(version) = Version::parse(kubernetes.trim_start_matches('v')) else {
            return Ok(());
        };
        let (than, help) = match (version.major, version.minor) {
            (1, OLDEST..=NEWEST) => return Ok(()),
            newer if newer > (1, NEWEST) => (
                "newer",
                format!(
                    "the newest known is 1.{NEWEST}; a later release of formwork will know more"
                ),
            ),
            _ => ("older", format!("the oldest known is 1.{OLDEST}")),
        };
        Err((
            format!("Kubernetes {kubernetes} is {than} than what is known here"),
            help,
        ))
    }

    /// The arguments of the control plane are a list of names and values, and no longer a map.
    #[must_use]
    pub fn arguments_are_a_list(&self) -> bool {
        self.minor >= 36
    }

    /// The version of kubeadm's API.
    #[must_use]
    pub fn kubeadm(&self) -> &'static str {
        if self.arguments_are_a_list() {
            "v1beta4"
        } else {
            "v1beta3"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn kubeadm_s_arguments_became_a_list() {
        assert_eq!(Contract::of("1.35.4").kubeadm(), "v1beta3");
        assert_eq!(Contract::of("v1.36.1").kubeadm(), "v1beta4");
    }

    #[test]
    fn versions_are_known_from_pod_security_on() {
        for (version, known) in [
            ("1.24.9", false),
            ("1.25.0", true),
            ("v1.37.1", true),
            ("1.38.0", false),
            ("2.30.0", false),
            ("soon", true),
        ] {
            assert_eq!(Contract::knows(version).is_ok(), known, "{version}");
        }
    }
}
