//! What each Cluster API version wants and makes: named questions, and no version comparison anywhere else.

use model::versions::{Minor, Range, kubernetes_of_cluster_api, managers_of_cluster_api};
use semver::Version;
use syntax::Node;

/// The first minor version whose shape is written here: classes in `v1beta2`, containers as `Dev` kinds.
const OLDEST: Minor = (1, 14);
/// The last one.
const NEWEST: Minor = (1, 14);
/// What is taken where nothing is stated: that of the compiler's own level.
const DEFAULT: &str = "1.14.2";

/// The shape that one Cluster API version reads, and the Kubernetes that it makes.
#[derive(Clone, Debug)]
pub struct Contract {
    minor: Minor,
    kubernetes: Range,
    manager: Range,
}

impl Contract {
    /// The contract of the version that settings state.
    ///
    /// # Errors
    /// Why there is none, and what to do about it.
    pub fn stated(settings: &Node) -> Result<Self, (String, String)> {
        let version = settings.str_at(&["versions", "clusterApi"]);
        Contract::of(version.unwrap_or(DEFAULT))
    }

    /// The contract of a Cluster API version.
    ///
    /// # Errors
    /// Why there is none, and what to do about it.
    pub fn of(version: &str) -> Result<Self, (String, String)> {
        let Ok(parsed) = Version::parse(version.trim_start_matches('v')) else {
            return Err((
                format!("`{version}` is no version of Cluster API"),
                format!("write it in full, as in `{DEFAULT}`"),
            ));
        };
        let minor = (parsed.major, parsed.minor);
        if minor > NEWEST {
            return Err((
                format!(
                    "Cluster API {} is newer than the classes known here",
                    shown(minor)
                ),
                format!(
                    "the newest known is {}; a later release of formwork will know more",
                    shown(NEWEST)
                ),
            ));
        }
        let ranges = (
            kubernetes_of_cluster_api(minor),
            managers_of_cluster_api(minor),
        );
        match ranges {
            (Some(kubernetes), Some(manager)) if minor >= OLDEST => Ok(Contract {
                minor,
                kubernetes,
                manager,
            }),
            _ => Err((
                format!(
                    "Cluster API {} is older than the classes known here",
                    shown(minor)
                ),
                format!("the oldest known is {}: upgrade it first", shown(OLDEST)),
            )),
        }
    }

    /// Whether it makes clusters of a Kubernetes version; what can't be read as a version is judged elsewhere.
    ///
    /// # Errors
    /// That it doesn't, and which it makes.
    pub fn makes(&self, kubernetes: &str) -> Result<(), (String, String)> {
        self.within(self.kubernetes, kubernetes, "makes no clusters of", "makes")
    }

    /// Whether it runs in a cluster of a Kubernetes version.
    ///
    /// # Errors
    /// That it doesn't, and in which it runs.
    pub fn runs_in(&self, kubernetes: &str) -> Result<(), (String, String)> {
        self.within(self.manager, kubernetes, "does not run in", "runs in")
    }

    fn within(
        &self,
        (oldest, newest): Range,
        kubernetes: &str,
        not: &str,
        does: &str,
    ) -> Result<(), (String, String)> {
        let Ok(version) = Version::parse(kubernetes.trim_start_matches('v')) else {
            return Ok(());
        };
        if (oldest..=newest).contains(&(version.major, version.minor)) {
            return Ok(());
        }
        let own = shown(self.minor);
        Err((
            format!("Cluster API {own} {not} Kubernetes {version}"),
            format!("it {does} {} to {}", shown(oldest), shown(newest)),
        ))
    }
}

fn shown((major, minor): Minor) -> String {
    format!("{major}.{minor}")
}

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn known_versions_have_a_contract() {
        let contract = Contract::of("v1.14.2").unwrap_or_else(|_| unreachable!("1.14 is known"));
        assert!(contract.makes("1.31.0").is_ok() && contract.makes("v1.37.1").is_ok());
        let (message, help) = contract.makes("1.30.4").err().unwrap_or_default();
        assert_eq!(
            message,
            "Cluster API 1.14 makes no clusters of Kubernetes 1.30.4"
        );
        assert_eq!(help, "it makes 1.31 to 1.37");
        assert!(contract.runs_in("1.33.0").is_ok());
        let (message, _) = contract.runs_in("1.32.9").err().unwrap_or_default();
        assert_eq!(
            message,
            "Cluster API 1.14 does not run in Kubernetes 1.32.9"
        );
    }

    #[test]
    fn unknown_versions_name_the_known_ones() {
        let newer = Contract::of("1.15.0").err().unwrap_or_default();
        assert!(newer.0.contains("1.15 is newer") && newer.1.contains("newest known is 1.14"));
        let older = Contract::of("1.13.5").err().unwrap_or_default();
        assert!(older.0.contains("1.13 is older") && older.1.contains("oldest known is 1.14"));
        let nonsense = Contract::of("latest").err().unwrap_or_default();
        assert!(nonsense.0.contains("no version"));
    }
}
