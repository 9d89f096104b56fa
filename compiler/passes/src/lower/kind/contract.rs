//! Which kubeadm configuration Kind writes for a Kubernetes version: named questions, and no comparison elsewhere.

use semver::Version;

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
}
