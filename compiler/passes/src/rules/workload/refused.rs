//! What of a pod the Pod Security Standards refuse at `baseline` and at `restricted`, field by field.

use super::pod;
use super::standard::Standard;
use syntax::{Node, OriginId};

/// What is refused: where it stands or is missing, and what it is.
pub type Offence = (OriginId, String);

/// Capabilities that `baseline` lets a container add.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel parameters that are a pod's own.
const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// Types of SELinux that containers have anyway.
const SELINUX: [&str; 5] = [
    "",
    "container_engine_t",
    "container_init_t",
    "container_kvm_t",
    "container_t",
];

/// Volumes that `restricted` takes.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// The first minor version of Kubernetes whose `baseline` knows handlers that ask other hosts.
const HANDLERS: u64 = 34;

/// Everything that a level of Kubernetes 1.`minor` refuses of a pod.
pub fn offences<'a>(
    (level, minor): (Standard, u64),
    spec: &'a Node,
    containers: impl Iterator<Item = &'a Node>,
) -> Vec<Offence> {
    let mut all = Vec::new();
    if level == Standard::Privileged {
        return all;
    }
    of_pod(spec, &mut all);
    of_context(spec, &mut all);
    if level == Standard::Restricted {
        strictly_of_pod(spec, &mut all);
    }
    for container in containers {
        of_container(level, spec, container, &mut all);
        if minor >= HANDLERS {
            of_handlers(container, &mut all);
        }
        of_context(container, &mut all);
        if level == Standard::Restricted {
            strictly(spec, container, &mut all);
        }
    }
    all
}

fn of_pod(spec: &Node, all: &mut Vec<Offence>) {
    for (field, what) in [
        ("hostNetwork", "the network of its node"),
        ("hostPID", "the processes of its node"),
        ("hostIPC", "the shared memory of its node"),
    ] {
        let said = spec.get(field).filter(|said| pod::is_true(Some(said)));
        all.extend(said.map(|said| (said.origin(), what.to_owned())));
    }
    for volume in spec.get("volumes").map_or(&[][..], Node::items) {
        let path = pod::stated(volume, &["hostPath"]);
        all.extend(path.map(|path| (path.origin(), "a folder of its node".to_owned())));
    }
    let sysctls = spec.at(&["securityContext", "sysctls"]);
    for sysctl in sysctls.map_or(&[][..], Node::items) {
        let name = pod::name(sysctl);
        if !SYSCTLS.contains(&name) {
            all.push((sysctl.origin(), format!("`{name}` is not the pod's own")));
        }
    }
}

/// What pods and containers both say in their security context.
fn of_context(node: &Node, all: &mut Vec<Offence>) {
    let Some(context) = pod::stated(node, &["securityContext"]) else {
        return;
    };
    for field in ["seccompProfile", "appArmorProfile"] {
        let kind = context.at(&[field, "type"]);
        let free = kind.filter(|kind| kind.as_str() == Some("Unconfined"));
        all.extend(free.map(|kind| (kind.origin(), format!("no `{field}` holds it"))));
    }
    if let Some(options) = context.get("seLinuxOptions") {
        let kind = options.get("type");
        let known = |kind: &&Node| !SELINUX.contains(&kind.as_str().unwrap_or_default());
        let who = ["user", "role"].iter().filter_map(|key| options.get(key));
        let who = who.filter(|who| who.as_str().is_some_and(|who| !who.is_empty()));
        let odd = kind.filter(known).into_iter().chain(who);
        all.extend(odd.map(|odd| (odd.origin(), "not what containers have".to_owned())));
    }
    let process = context.at(&["windowsOptions", "hostProcess"]);
    let process = process.filter(|process| pod::is_true(Some(process)));
    all.extend(process.map(|process| (process.origin(), "a process of its node".to_owned())));
}

fn of_container(level: Standard, spec: &Node, container: &Node, all: &mut Vec<Offence>) {
    let context = |key| pod::stated(container, &["securityContext", key]);
    if let Some(said) = context("privileged").filter(|said| pod::is_true(Some(said))) {
        all.push((said.origin(), "a privileged container".to_owned()));
    }
    let added = pod::stated(container, &["securityContext", "capabilities", "add"]);
    for capability in added.map_or(&[][..], Node::items) {
        let name = capability.as_str().unwrap_or_default();
        let taken = match level {
            Standard::Restricted => name == "NET_BIND_SERVICE",
            Standard::Baseline | Standard::Privileged => CAPABILITIES.contains(&name),
        };
        if !taken {
            all.push((capability.origin(), format!("the capability `{name}`")));
        }
    }
    let unmasked = context("procMount").filter(|said| said.as_str() != Some("Default"));
    if let Some(said) = unmasked.filter(|_| !pod::has_own_users(spec)) {
        all.push((said.origin(), "all of `/proc`".to_owned()));
    }
    for port in container.get("ports").map_or(&[][..], Node::items) {
        let host = port.get("hostPort");
        let host = host.filter(|host| host.as_i64().is_some_and(|host| host != 0));
        all.extend(host.map(|host| (host.origin(), "a port of its node".to_owned())));
    }
}

/// Probes and hooks that may ask others than the pod.
fn of_handlers(container: &Node, all: &mut Vec<Offence>) {
    for path in [
        &["livenessProbe"][..],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ] {
        let Some(handler) = container.at(path) else {
            continue;
        };
        for way in ["httpGet", "tcpSocket"] {
            let host = handler.at(&[way, "host"]);
            let host = host.filter(|host| host.as_str().is_some_and(|host| !host.is_empty()));
            all.extend(host.map(|host| (host.origin(), "another host than the pod".to_owned())));
        }
    }
}

fn strictly_of_pod(spec: &Node, all: &mut Vec<Offence>) {
    for volume in spec.get("volumes").map_or(&[][..], Node::items) {
        let mut kinds = volume.entries().iter().filter(|it| it.key != "name");
        let odd = kinds.find(|it| !VOLUMES.contains(&it.key.as_str()) && it.key != "hostPath");
        if let Some(odd) = odd.filter(|it| !it.value.is_null()) {
            all.push((
                odd.value.origin(),
                format!("a volume of kind `{}`", odd.key),
            ));
        }
    }
}

/// What `restricted` asks of each container: what says otherwise, and what does not say it.
fn strictly(spec: &Node, container: &Node, all: &mut Vec<Offence>) {
    let mut missing: Vec<&str> = Vec::new();
    let windows = pod::is_windows(spec);
    if !pod::has_own_users(spec) {
        let user = pod::security(spec, container, "runAsUser");
        if let Some(user) = user.filter(|user| user.as_i64() == Some(0)) {
            all.push((user.origin(), "root".to_owned()));
        }
        let other = pod::security(spec, container, "runAsNonRoot");
        match other {
            Some(said) if !pod::is_true(other) => all.push((said.origin(), "may be root".into())),
            Some(_) => {}
            None => missing.push("`runAsNonRoot: true`"),
        }
    }
    if !windows {
        let said = pod::stated(container, &["securityContext", "allowPrivilegeEscalation"]);
        match said {
            Some(it) if !pod::is_false(said) => {
                all.push((it.origin(), "may gain rights".to_owned()));
            }
            Some(_) => {}
            None => missing.push("`allowPrivilegeEscalation: false`"),
        }
        let dropped = pod::stated(container, &["securityContext", "capabilities", "drop"]);
        let mut dropped = dropped.map_or(&[][..], Node::items).iter();
        if !dropped.any(|it| it.as_str() == Some("ALL")) {
            missing.push("`capabilities: { drop: [ALL] }`");
        }
        if pod::security(spec, container, "seccompProfile").is_none() {
            missing.push("`seccompProfile: { type: RuntimeDefault }`");
        }
    }
    if !missing.is_empty() {
        let label = format!("does not say {}", missing.join(", "));
        all.push((pod::place(container), label));
    }
}
