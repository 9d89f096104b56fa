//! Alerts, dashboards and what they look at.

mod alert_without_runbook;
mod alert_without_severity;
mod alerts;
mod alerts_reach_nobody;
mod broken_dashboard;
mod broken_expression;
mod dashboard_naming;
mod dashboard_without_uid;
mod dashboards;
mod duplicate_alert;
mod duplicate_dashboard;
mod expression;
mod monitor_selects_nothing;
mod no_heartbeat;
mod objective_without_alert;
mod slo_without_alert;
mod unscraped_metric;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    alert_without_runbook::RULE,
    alert_without_severity::RULE,
    alerts_reach_nobody::RULE,
    broken_dashboard::RULE,
    broken_expression::RULE,
    dashboard_naming::RULE,
    dashboard_without_uid::RULE,
    duplicate_alert::RULE,
    duplicate_dashboard::RULE,
    monitor_selects_nothing::RULE,
    no_heartbeat::RULE,
    objective_without_alert::RULE,
    slo_without_alert::RULE,
    unscraped_metric::RULE,
];
