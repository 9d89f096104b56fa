//! A cluster that another makes: how many machines it has, how large they are, and what only it says.

use super::{ANSWERS, CLASSES, object, unit_name};
use crate::lower::Cx;
use crate::lower::kubernetes::quantity;
use crate::lower::needs::Needs;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use crate::resolve::managers::NAMESPACE;
use syntax::{Map, Node, OriginId, Text};

/// Bytes of a MiB.
const MEBI: u64 = 1 << 20;
/// Bytes of a GiB.
const GIBI: u64 = 1 << 30;

/// The unit of a made cluster: its object, healthy once it answers.
pub fn unit(cluster: &Cluster<'_>, made: &Cluster<'_>, cx: &mut Cx<'_>) -> Unit {
    let because = cx.origins.rule("capi/cluster", &[made.because]);
    let mut unit = Unit::new(&unit_name(made, ""), because);
    unit.slow = true;
    unit.after.insert(CLASSES.into(), because);
    let facts = Member { made, because }.facts(cx);
    let seen = [("made", facts)];
    if let Some(object) = object(cluster, "capi/cluster", &seen, because, cx) {
        let text = |text: &str| Node::string(text, because);
        let mut health = Map::default();
        for (key, path) in [("apiVersion", &["apiVersion"][..]), ("kind", &["kind"])] {
            health.set(
                key,
                because,
                object.node.at(path).cloned().unwrap_or_else(|| text("")),
            );
        }
        health.set("name", because, text(&made.name));
        health.set("namespace", because, text(NAMESPACE));
        health.set("current", because, text(ANSWERS));
        unit.health.push(Node::map(health, because));
        unit.objects.push(object);
    }
    unit
}

/// The machines of one role: how many, and what each has.
struct Machines {
    count: Node,
    cpu: Option<Node>,
    memory: Option<Node>,
    disk: Option<Node>,
}

impl Machines {
    /// In a few words: what the cluster was promised.
    fn words(&self, with_size: bool) -> String {
        let text = |node: Option<&Node>| node.and_then(Node::scalar_text).unwrap_or_default();
        let count = text(Some(&self.count));
        if !with_size {
            return count.to_string();
        }
        let (cpu, memory, disk) = (&self.cpu, &self.memory, &self.disk);
        let (cpu, memory, disk) = (
            text(cpu.as_ref()),
            text(memory.as_ref()),
            text(disk.as_ref()),
        );
        format!("{count} x (cpu {cpu}, memory {memory}, disk {disk})")
    }

    fn reads(&self) -> Vec<OriginId> {
        let parts = [
            Some(&self.count),
            self.cpu.as_ref(),
            self.memory.as_ref(),
            self.disk.as_ref(),
        ];
        parts.into_iter().flatten().map(Node::origin).collect()
    }
}

/// A made cluster and why its object is there.
struct Member<'a> {
    made: &'a Cluster<'a>,
    because: OriginId,
}

impl Member<'_> {
    fn at(&self, path: &[&str]) -> Option<&Node> {
        self.made
            .at(path)
            .filter(|node| !node.is_null() && !node.is_off())
    }

    /// What `made` means in the shape of a cluster.
    fn facts(&self, cx: &mut Cx<'_>) -> Node {
        let (planes, workers) = (self.machines("controlPlanes"), self.machines("workers"));
        let sized = self.at(&["infrastructure", "proxmox"]).is_some();
        let promise = format!(
            "control planes {}, workers {}",
            planes.words(sized),
            workers.words(sized)
        );
        let reads = [planes.reads(), workers.reads()].concat();
        let mut facts = Map::default();
        let mut set = |key: &str, value: Node| facts.set(key, value.origin(), value);
        set(
            "name",
            Node::string(self.made.name.clone(), self.made.because),
        );
        set("machines", cx.text("capi/machines", promise, &reads));
        for (key, fact) in [("pods", "pods"), ("services", "services"), ("size", "size")] {
            if let Some(value) = self.made.facts.get(fact) {
                set(key, value.clone());
            }
        }
        if let Some(kind) = self
            .at(&["infrastructure"])
            .and_then(|kinds| kinds.entries().first())
        {
            set(
                "infrastructure",
                Node::string(kind.key.clone(), kind.key_origin),
            );
        }
        if let Some(version) = self.at(&["versions", "kubernetes"]) {
            let text = version.scalar_text().unwrap_or_default();
            let text = ecow::eco_format!("v{}", text.trim_start_matches('v'));
            set(
                "version",
                cx.text("capi/version", text, &[version.origin()]),
            );
        }
        set("variables", self.variables(&planes, sized, cx));
        set("overrides", self.overrides(&planes, &workers, sized, cx));
        set("controlPlanes", planes.count);
        set("workers", workers.count);
        Node::map(facts, self.because)
    }

    /// The machines of a role: what the size says, and for workers what the cluster says of them.
    fn machines(&self, role: &str) -> Machines {
        let size = self
            .at(&["size"])
            .and_then(Node::as_str)
            .unwrap_or_default();
        let own = |key: &str| self.at(&["workers", key]).filter(|_| role == "workers");
        let part = |key: &str| own(key).or_else(|| self.at(&["sizes", size, key])).cloned();
        let count = self.made.facts.get(role).cloned();
        Machines {
            count: count.unwrap_or_else(|| Node::integer(0, self.because)),
            cpu: part("cpu"),
            memory: part("memory"),
            disk: part("disk"),
        }
    }

    /// What the class is told of this cluster.
    fn variables(&self, planes: &Machines, sized: bool, cx: &mut Cx<'_>) -> Node {
        let mut all: Vec<(&str, Node)> = Vec::new();
        all.extend(self.control_plane(cx));
        if let Some(image) = self.at(&["infrastructure", "docker", "image"]) {
            all.push(("image", image.clone()));
        }
        if let Some(proxmox) = self.at(&["infrastructure", "proxmox"]) {
            all.extend(self.proxmox(proxmox, cx));
        }
        if sized {
            all.extend(Self::size(planes, cx));
        }
        self.sorted(all)
    }

    /// What workers have that control planes don't.
    fn overrides(
        &self,
        planes: &Machines,
        workers: &Machines,
        sized: bool,
        cx: &mut Cx<'_>,
    ) -> Node {
        let mut all = Vec::new();
        if sized {
            let base = Self::size(planes, cx);
            let own = Self::size(workers, cx);
            all.extend(own.into_iter().filter(|own| !base.contains(own)));
        }
        self.sorted(all)
    }

    fn sorted(&self, mut all: Vec<(&str, Node)>) -> Node {
        all.sort_by(|a, b| a.0.cmp(b.0));
        let mut map = Map::default();
        for (key, value) in all {
            map.set(key, value.origin(), value);
        }
        Node::map(map, self.because)
    }

    /// What a machine has, in the units of the class.
    fn size(machines: &Machines, cx: &mut Cx<'_>) -> Vec<(&'static str, Node)> {
        let mut all = Vec::new();
        all.extend(machines.cpu.clone().map(|cpu| ("cpu", cpu)));
        for (key, amount, unit) in [
            ("memoryMiB", &machines.memory, MEBI),
            ("diskGiB", &machines.disk, GIBI),
        ] {
            let whole = |node: &Node| Some(quantity::memory(&node.scalar_text()?)? / unit);
            if let Some((node, whole)) = amount.as_ref().and_then(|node| Some((node, whole(node)?)))
            {
                let origin = cx.origins.rule("capi/amount", &[node.origin()]);
                let whole = i64::try_from(whole).unwrap_or(i64::MAX);
                all.push((key, Node::integer(whole, origin)));
            }
        }
        all
    }

    /// What control planes are told, on every kind of machines.
    fn control_plane(&self, cx: &mut Cx<'_>) -> Vec<(&'static str, Node)> {
        let mut all = Vec::new();
        for (key, default) in [("audit", "metadata"), ("podSecurity", "baseline")] {
            let stated = self.at(&["security", key]).cloned();
            all.push((
                key,
                stated.unwrap_or_else(|| cx.text("apiserver/default", default, &[])),
            ));
        }
        let proxy = Needs::gather(self.made, "capi", cx)
            .get("kubeProxy")
            .cloned();
        let origin = cx.origins.rule("capi/kube-proxy", &[self.because]);
        all.push((
            "kubeProxy",
            proxy.unwrap_or_else(|| Node::bool(true, origin)),
        ));
        all.push(("scheduleOnControlPlanes", self.schedulable(cx)));
        if let Some(sans) = self.at(&["network", "sans"]) {
            all.push(("sans", sans.clone()));
        }
        all
    }

    /// Control planes take workloads where there are no workers, or the spec says so.
    fn schedulable(&self, cx: &mut Cx<'_>) -> Node {
        if let Some(stated) = self.at(&["allowSchedulingOnControlPlanes"]) {
            return stated.clone();
        }
        let workers = self.made.facts.get("workers");
        let reads = workers.map_or(self.because, Node::origin);
        let none = workers.and_then(Node::as_i64) == Some(0);
        Node::bool(none, cx.origins.rule("capi/schedulable", &[reads]))
    }

    /// What virtual machines are told: where they come from, and how they are connected.
    fn proxmox(&self, proxmox: &Node, cx: &mut Cx<'_>) -> Vec<(&'static str, Node)> {
        let mut all = Vec::new();
        let mut take = |key: &'static str, node: Option<&Node>| {
            all.extend(node.map(|node| (key, node.clone())));
        };
        take("allowedNodes", proxmox.get("allowedNodes"));
        take("credentials", proxmox.get("secret"));
        take("endpoint", self.at(&["network", "apiServer"]));
        take("nameservers", self.at(&["network", "nameservers"]));
        take("storage", proxmox.get("storage"));
        take("timeServers", self.at(&["network", "ntp"]));
        take("vlan", self.at(&["network", "vlan"]));
        for (key, stated, default) in [
            ("bootDisk", "bootDisk", "scsi0"),
            ("bridge", "bridge", "vmbr0"),
        ] {
            let stated = proxmox.get(stated).cloned();
            all.push((
                key,
                stated.unwrap_or_else(|| cx.text("capi/default", default, &[proxmox.origin()])),
            ));
        }
        if let Some(template) = proxmox.get("template") {
            let tag = template
                .as_str()
                .map(|_| Node::from_entries([("tag", template.clone())], template.origin()));
            all.push(("template", tag.unwrap_or_else(|| template.clone())));
        }
        all.extend(self.addresses(proxmox, cx));
        all
    }

    /// The addresses that machines get, and the way out of their network.
    fn addresses(&self, proxmox: &Node, cx: &mut Cx<'_>) -> Option<(&'static str, Node)> {
        let pool = proxmox.get("pool")?;
        let nodes = self.at(&["network", "nodes"])?;
        let router = self.at(&["network", "router"])?;
        let (_, prefix) = nodes.as_str()?.split_once('/')?;
        let origin = cx.origins.rule("capi/addresses", &[nodes.origin()]);
        let prefix = Node::integer(prefix.parse().ok()?, origin);
        let entries: [(Text, Node); 3] = [
            (
                "addresses".into(),
                Node::list([pool.clone()], pool.origin()),
            ),
            ("gateway".into(), router.clone()),
            ("prefix".into(), prefix),
        ];
        let six = pool.as_str()?.contains(':');
        let key = if six { "ipv6" } else { "ipv4" };
        Some((key, Node::from_entries(entries, pool.origin())))
    }
}
