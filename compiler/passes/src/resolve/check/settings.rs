//! Settings that need each other: the source and its credentials, the issuer and its token.

use super::Check;
use model::form::parse_git_url;
use syntax::Node;

/// Hosts whose SSH keys everybody knows: Flux is told them.
const WELL_KNOWN: [&str; 3] = ["github.com", "gitlab.com", "codeberg.org"];

impl Check<'_> {
    pub(super) fn sections(&mut self) {
        self.source();
        self.issuer();
    }

    fn source(&mut self) {
        let Some(source) = self.at(&["source"]).filter(|node| !node.is_off()) else {
            return;
        };
        if let (Some(git), Some(oci)) = (source.get("git"), source.get("oci")) {
            let help = "keep the one that clusters read: a more specific level switches by stating the whole `source`";
            self.clash(
                "two-sources",
                "`source` has both `git` and `oci`",
                (oci.origin(), "this"),
                (git.origin(), "and this"),
                help,
            );
        }
        let hooked = source.get("webhook").filter(|hook| !hook.is_off());
        if let Some(git) = source.get("git") {
            self.git(source, git);
        } else if source.get("oci").is_none()
            && let Some(webhook) = hooked.or(source.get("secret"))
        {
            let help = "add `git: https://...`, `git: ssh://...` or `oci: oci://...`";
            self.error(
                "no-source",
                "`source` has neither `git` nor `oci`",
                webhook.origin(),
                "of which source?",
                help,
            );
        }
    }

    fn git(&mut self, source: &Node, git: &Node) {
        let Some(url) = git.as_str().and_then(parse_git_url) else {
            return;
        };
        if !url.ssh {
            if let Some(hosts) = source.get("knownHosts") {
                let message = "`knownHosts` means nothing to an HTTPS address";
                self.clash(
                    "bad-source",
                    message,
                    (hosts.origin(), "never read"),
                    (git.origin(), "no SSH"),
                    "take it out",
                );
            }
            return;
        }
        if source.get("secret").is_none() {
            let help =
                "add `secret: NAME`: a Secret in flux-system with `identity` and `known_hosts`";
            self.error(
                "no-credentials",
                "an SSH address needs a key: `source` has no `secret`",
                git.origin(),
                "who opens it?",
                help,
            );
        }
        if source.get("knownHosts").is_none() && !WELL_KNOWN.contains(&url.host) {
            let message = format!(
                "the SSH key of `{}` is not known: `source` has no `knownHosts`",
                url.host
            );
            let help = format!(
                "add `knownHosts:` with what `ssh-keyscan {}` prints, compared with what the host publishes",
                url.host
            );
            self.error(
                "missing-known-hosts",
                message,
                git.origin(),
                "reached by SSH",
                help,
            );
        }
    }

    /// Challenges by DNS need a token, and certificates a domain.
    fn issuer(&mut self) {
        let Some(issuer) = self
            .at(&["security", "issuer"])
            .filter(|node| node.as_map().is_some())
        else {
            return;
        };
        // A profile's issuer under a cluster without certificates is no mistake.
        if self
            .at(&["security", "certificates"])
            .is_some_and(Node::is_off)
        {
            return;
        }
        let Some(acme) = issuer.get("acme").filter(|node| node.as_map().is_some()) else {
            return;
        };
        let at = acme
            .entries()
            .first()
            .map_or(acme.origin(), |entry| entry.key_origin);
        if acme.get("secret").is_none() {
            let help = "add `secret: NAME`: the Secret that holds the DNS provider's token";
            self.error(
                "missing-dns-token",
                "`security.issuer.acme` answers DNS challenges and has no `secret`",
                at,
                "`secret` is missing",
                help,
            );
        }
        if self.at(&["domain"]).is_none() {
            let message = "`security.issuer.acme` has no domain to issue certificates for";
            self.error(
                "no-domain",
                message,
                at,
                "for which domain?",
                "state `domain:` for the platform or the cluster",
            );
        }
    }
}
