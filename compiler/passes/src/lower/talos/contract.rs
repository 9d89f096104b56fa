//! What each Talos version wants: named questions, and no version comparison anywhere else.

use model::versions::kubernetes_of_talos;
use semver::Version;

/// A version to begin with.
pub const EXAMPLE: &str = "1.13.9";

/// The first minor version whose shape is written here.
const OLDEST: (u64, u64) = (1, 12);
/// The last one.
const NEWEST: (u64, u64) = (1, 13);

/// The shape that one Talos version reads. What every known version shares needs no question: hostname, links,
/// resolvers, time servers, registries, volumes and firewall are documents of their own since 1.12.
#[derive(Clone, Debug)]
pub struct Contract {
    version: Version,
}

impl Contract {
    /// The contract of a Talos version.
    ///
    /// # Errors
    /// Why there is none, and what to do about it.
    pub fn of(version: &str) -> Result<Self, (String, String)> {
        let Ok(parsed) = Version::parse(version.trim_start_matches('v')) else {
            return Err((
                format!("`{version}` is no version of Talos"),
                "write it in full, as in `1.13.9`".into(),
            ));
        };
        let minor = (parsed.major, parsed.minor);
        let at = format!("{}.{}", minor.0, minor.1);
        let (oldest, newest) = (
            format!("{}.{}", OLDEST.0, OLDEST.1),
            format!("{}.{}", NEWEST.0, NEWEST.1),
        );
        if minor > NEWEST {
            return Err((
                format!("Talos {at} is newer than the machine configs known here"),
                format!("the newest known is {newest}; a later release of formwork will know more"),
            ));
        }
        if minor < OLDEST {
            return Err((
                format!("Talos {at} is older than the machine configs known here"),
                format!("the oldest known is {oldest}: upgrade the machines first"),
            ));
        }
        Ok(Contract { version: parsed })
    }

    /// The version as image tags write it.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Environment variables are a document (`EnvironmentConfig`), and no longer `machine.env`.
    #[must_use]
    pub fn environment_document(&self) -> bool {
        self.since(13)
    }

    /// The Kubernetes minors that this Talos runs, both included.
    #[must_use]
    pub fn kubernetes(&self) -> (u64, u64) {
        let known = kubernetes_of_talos((self.version.major, self.version.minor));
        known.map_or((0, u64::MAX), |(oldest, newest)| (oldest.1, newest.1))
    }

    /// Whether this Talos runs a Kubernetes version; what can't be read as a version is judged elsewhere.
    #[must_use]
    pub fn runs(&self, kubernetes: &str) -> bool {
        let (oldest, newest) = self.kubernetes();
        Version::parse(kubernetes.trim_start_matches('v')).map_or(true, |version| {
            version.major == 1 && (oldest..=newest).contains(&version.minor)
        })
    }

    fn since(&self, minor: u64) -> bool {
        (self.version.major, self.version.minor) >= (1, minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn known_versions_have_a_contract() {
        let older = Contract::of("1.12.11").unwrap_or_else(|_| unreachable!("1.12 is known"));
        assert!(!older.environment_document());
        assert!(older.runs("1.35.4") && !older.runs("1.36.4"));
        let newer = Contract::of("v1.13.9").unwrap_or_else(|_| unreachable!("1.13 is known"));
        assert!(newer.environment_document());
        assert_eq!(newer.tag(), "v1.13.9");
        assert!(newer.runs("1.36.4") && !newer.runs("1.37.0"));
    }

    #[test]
    fn unknown_versions_name_the_known_ones() {
        let newer = Contract::of("1.14.0").err().unwrap_or_default();
        assert!(newer.0.contains("1.14 is newer") && newer.1.contains("newest known is 1.13"));
        let older = Contract::of("1.11.5").err().unwrap_or_default();
        assert!(older.0.contains("1.11 is older") && older.1.contains("oldest known is 1.12"));
        let nonsense = Contract::of("latest").err().unwrap_or_default();
        assert!(nonsense.0.contains("no version"));
    }
}
