//! Which Kubernetes a component runs on: the only place that compares it.

use semver::{Prerelease, Version, VersionReq};

/// A range, as one is written.
pub const EXAMPLE: &str = ">=1.31, <1.37";

/// Whether a range of Kubernetes versions holds one; a version that can't be read is judged elsewhere.
///
/// # Errors
/// Why the range can't be read.
pub fn allows(range: &str, kubernetes: &str) -> Result<bool, String> {
    let range = VersionReq::parse(range).map_err(|why| why.to_string())?;
    let Ok(mut version) = Version::parse(kubernetes.trim_start_matches('v')) else {
        return Ok(true);
    };
    // A candidate of a release counts as the release.
    version.pre = Prerelease::EMPTY;
    Ok(range.matches(&version))
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn ranges_hold_versions() {
        assert_eq!(allows(">=1.31, <1.37", "1.36.4"), Ok(true));
        assert_eq!(allows(">=1.31, <1.37", "1.36.0-rc.1"), Ok(true));
        assert_eq!(allows(">=1.31, <1.37", "1.37.0"), Ok(false));
        assert_eq!(allows(">=1.31", "1.30.9"), Ok(false));
        assert_eq!(allows(">=1.31", "newest"), Ok(true));
        assert!(allows("since 1.31", "1.36.4").is_err());
    }
}
