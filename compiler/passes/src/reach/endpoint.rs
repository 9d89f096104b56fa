//! The ends of a call: pods of a workload, nodes, the API server, and what lies outside.

use super::address::Block;
use super::port::Named;
use super::selector::Labels;
use syntax::{OriginId, Text};

/// What an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Being {
    /// Pods on the pods' network: policies are about them.
    Pods,
    /// Nodes, and the pods on their network.
    Node,
    /// The node that a pod runs on.
    Host,
    /// The API server.
    ApiServer,
    /// What the network itself answers requests from outside with.
    Ingress,
    /// The probes of the network itself.
    Health,
    /// What lies outside of the cluster.
    World,
}

/// One end of a call.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What people call it.
    pub title: String,
    /// What it is.
    pub being: Being,
    /// What is known of it by labels.
    pub labels: Labels,
    /// Its addresses; more than they are where they are not stated, none where nothing is known.
    pub addresses: Vec<Block>,
    /// The name that was looked up for it.
    pub name: Option<Text>,
    /// Its named ports.
    pub ports: Named,
    /// The workload, where it is one.
    pub workload: Option<Workload>,
}

/// A workload of the cluster.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its kind.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// Its component or app, by its place in the cluster's list.
    pub component: Option<usize>,
    /// Whether it ends by itself: a hook or a job.
    pub ends: bool,
    /// Where it is stated.
    pub origin: OriginId,
}

impl Endpoint {
    /// An entity.
    #[must_use]
    pub fn entity(title: &str, being: Being, labels: Labels, addresses: Vec<Block>) -> Self {
        Endpoint {
            title: title.to_owned(),
            being,
            labels,
            addresses,
            name: None,
            ports: Named::default(),
            workload: None,
        }
    }

    /// Whether it lies outside of the cluster.
    #[must_use]
    pub fn is_world(&self) -> bool {
        self.being == Being::World
    }

    /// The name of its namespace, where it is pods.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        let namespace = self.labels.namespace.as_ref();
        namespace.map(|namespace| namespace.name.as_str())
    }
}
