//! Observability: what is measured and kept, who looks at it, who is told.

use super::choice::{Dashboards, LogStore, MetricStore, MonitorKinds};
use super::settings::Switch;
use super::text::{Duration, Email, Endpoint, Keyed, Name, Quantity, SecretName, Url};
use schemars::JsonSchema;

/// Observability.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observability {
    /// What brings the kinds in which components say how they are monitored, or `false` for nothing. Default: what reads metrics needs.
    pub crds: Option<MonitorKinds>,
    /// What reads and keeps metrics, or `false` for nothing.
    pub metrics: Option<Store<MetricStore>>,
    /// What collects and keeps the logs of pods, or `false` for nothing.
    pub logs: Option<Store<LogStore>>,
    /// What shows both, or `false` for nothing. Default: what comes with the metrics.
    pub dashboards: Option<Dashboards>,
    /// Who is told of alerts; `false` leaves components' alerts out of the cluster. Their runbooks are written either way.
    pub alerts: Option<Switch<Alerting>>,
    /// Where the folder `docs` of the output is to be read: the web address that alerts link their runbooks below. Default: the
    /// file's page at the host of `source.git`.
    #[schemars(example = &"https://docs.example.org/platform")]
    pub runbooks: Option<Url>,
}

/// Something that keeps data: its name, or a map; `false` for nothing.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Store<C> {
    /// On or off.
    Flag(bool),
    /// Which one.
    Choice(C),
    /// Which one, and how much it keeps.
    Section(Kept<C>),
}

/// What keeps data, and how much of it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields, inline)]
pub struct Kept<C> {
    /// Which one. Unstated, the only one that there is.
    pub engine: Option<C>,
    /// How long data is kept. Default: 15d of metrics, 7d of logs.
    #[schemars(example = &"30d")]
    pub retention: Option<Duration>,
    /// How much room there is for it, where the cluster has block storage. Default: 50Gi of metrics, 20Gi of logs.
    pub storage: Option<Quantity>,
}

/// Who is told of alerts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alerting {
    /// Receivers by name.
    pub to: Option<Keyed<Name, Switch<Receiver>>>,
}

/// Someone who is told of alerts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receiver {
    /// What it is.
    pub r#type: Option<ReceiverType>,
    /// From which severity on. Default: warning.
    #[schemars(extend("default" = "warning"))]
    pub severity: Option<Severity>,
    /// Its address: the topic of ntfy, of a webhook or of what a heartbeat goes to. An address that is itself a secret stands in `secret` instead.
    #[schemars(example = &"https://ntfy.sh/my-platform")]
    pub url: Option<Url>,
    /// The Secret in the namespace `observability` with what the type needs: `token` (ntfy, where the topic asks for one), `url` (slack;
    /// webhook and heartbeat without `url`), `routing-key` (pagerduty), `password` (email).
    pub secret: Option<SecretName>,
    /// The channel, where it is not the one that the address of slack is for.
    #[schemars(example = &"#alerts")]
    pub channel: Option<String>,
    /// Whom e-mail goes to.
    pub address: Option<Email>,
    /// Whom e-mail comes from.
    pub from: Option<Email>,
    /// The server that takes e-mail, with its port.
    #[schemars(example = &"smtp.example.org:587")]
    pub server: Option<Endpoint>,
    /// The user at that server. Default: `from`.
    pub user: Option<String>,
}

/// What a receiver is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum ReceiverType {
    /// Messages to phones, from ntfy.sh or a server of one's own.
    Ntfy,
    /// A channel in Slack or Mattermost.
    Slack,
    /// Whatever takes Alertmanager's webhooks.
    Webhook,
    /// E-mail.
    Email,
    /// PagerDuty.
    Pagerduty,
    /// A service that expects a call every few minutes and raises the alarm when none comes: it tells that nothing tells any more.
    Heartbeat,
}

/// How urgent an alert is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Severity {
    /// Someone must act now, at night too.
    Critical,
    /// Someone must act today.
    Warning,
    /// Worth knowing.
    Info,
}
