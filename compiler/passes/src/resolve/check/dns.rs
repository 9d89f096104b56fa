//! DNS records: who holds the zones, and what opens them.

use super::Check;
use syntax::Node;

impl Check<'_> {
    /// What writes records must know where, for which domain, and with what.
    pub(super) fn dns(&mut self) {
        let Some(dns) = self.at(&["network", "dns"]).filter(|dns| !dns.is_off()) else {
            return;
        };
        let at = dns
            .entries()
            .first()
            .map_or(dns.origin(), |entry| entry.key_origin);
        let Some(provider) = dns.get("provider") else {
            let help = "write `dns: { provider: cloudflare, secret: NAME }`";
            let message = "`network.dns` does not say where the zones are";
            return self.error("missing-dns-provider", message, at, "no `provider`", help);
        };
        if dns.get("secret").is_none() {
            let help = "add `secret: NAME`: the Secret that holds the DNS provider's credential";
            let message = "`network.dns` writes records and has no `secret`";
            self.error(
                "missing-dns-token",
                message,
                at,
                "`secret` is missing",
                help,
            );
        }
        if dns.get("zones").is_none() && self.at(&["domain"]).is_none() {
            let message = "`network.dns` has no domain to write records for";
            let help = "state `domain:` for the platform or the cluster, or `zones` here";
            self.error("no-domain", message, at, "for which domain?", help);
        }
        self.dns_server(dns, provider);
    }

    fn dns_server(&mut self, dns: &Node, provider: &Node) {
        let signed = provider.as_str() == Some("rfc2136");
        let server = dns.get("server");
        if let Some(server) = server.filter(|_| !signed) {
            return self.clash(
                "dns-server-unused",
                "`server` means nothing to this DNS provider",
                (server.origin(), "never read"),
                (provider.origin(), "has servers of its own"),
                "take it out, or write `provider: rfc2136`",
            );
        }
        let complete = ["address", "key"]
            .iter()
            .all(|key| server.is_some_and(|server| server.get(key).is_some()));
        if signed && !complete {
            let help = "add `server: { address: 10.0.10.53, key: NAME }`";
            let message = "`network.dns` does not say which server takes the updates";
            let at = server.map_or(provider.origin(), Node::origin);
            self.error(
                "missing-dns-server",
                message,
                at,
                "no `address` and `key`",
                help,
            );
        }
    }
}
