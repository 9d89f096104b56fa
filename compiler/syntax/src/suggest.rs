//! The nearest known name, for "did you mean".

/// Longer words are no slips of the pen.
const LONGEST: usize = 64;

/// The candidate that a word was most likely meant to be, where one is near enough to be worth naming.
///
/// Case and the way of joining words don't count: `PodSecurity`, `pod-security` and `pod_security` are all as good as
/// `podSecurity`. Else one letter may be wrong in words of up to five, two in words of up to eleven, three in longer ones.
///
/// ```
/// use syntax::suggest::nearest;
/// assert_eq!(nearest("nmae", ["name", "tier"]), Some("name"));
/// assert_eq!(nearest("load-balancer", ["loadBalancer", "gateway"]), Some("loadBalancer"));
/// assert_eq!(nearest("colour", ["name", "tier"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let plain = bare(word);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            let name = bare(candidate);
            let far = distance(&plain, &name)?;
            // Of two that are as near, the one that begins alike, then the one that is written alike.
            let begins = name.chars().next() == plain.chars().next();
            let written = strsim::damerau_levenshtein(word, candidate);
            Some((far, !begins, written, candidate))
        })
        .min()
        .map(|(.., candidate)| candidate)
}

/// How many letters are wrong; `None` where it is more than a slip.
fn distance(word: &str, name: &str) -> Option<usize> {
    let (short, long) = match (word.chars().count(), name.chars().count()) {
        (a, b) if a < b => (a, b),
        (a, b) => (b, a),
    };
    let allowed = match long {
        ..=1 => 0,
        2..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    if long - short > allowed {
        // A beginning is enough where it can't be by chance: `cert` of `certificates`.
        let begins = short >= 4 && (word.starts_with(name) || name.starts_with(word));
        return begins.then_some(allowed + 1);
    }
    let far = strsim::damerau_levenshtein(word, name);
    (far <= allowed).then_some(far)
}

/// A name without what differs between camelCase, kebab-case and snake_case.
fn bare(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' ' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = [
            "name",
            "profile",
            "domain",
            "tiers",
            "clusters",
            "network",
            "podSecurity",
            "loadBalancer",
            "controlPlanes",
            "cni",
            "dns",
            "mtu",
            "certificates",
            "certificate",
            "ntp",
            "id",
        ];
        for (word, expected) in [
            ("nmae", Some("name")),
            ("nam", Some("name")),
            ("Name", Some("name")),
            ("proflie", Some("profile")),
            ("tier", Some("tiers")),
            ("cluster", Some("clusters")),
            ("netwrok", Some("network")),
            ("netw", Some("network")),
            ("pod-security", Some("podSecurity")),
            ("pod_security", Some("podSecurity")),
            ("PODSECURITY", Some("podSecurity")),
            ("podSecurty", Some("podSecurity")),
            ("control-plane", Some("controlPlanes")),
            ("loadbalancers", Some("loadBalancer")),
            ("dnss", Some("dns")),
            ("csi", Some("cni")),
            ("cert", Some("certificate")),
            ("certifcates", Some("certificates")),
            ("name", None),
            ("x", None),
            ("", None),
            ("storage", None),
            ("gateway", None),
            ("foo", None),
            ("podNetwork", None),
            ("securityProfile", None),
        ] {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
        assert_eq!(nearest(&"n".repeat(1 << 20), names), None);
        assert_eq!(nearest("größe", ["grösse", "größ"]), Some("größ"));
    }
}
