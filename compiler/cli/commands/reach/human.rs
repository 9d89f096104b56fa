//! The answer for people: yes or no, and what decides it at each end; a line for each of several clusters.

use super::answer::{Answer, Pair, Question, Reason};
use passes::reach::Holds;
use std::fmt::Write as _;

/// Of so many places that close an end, as many are named: the others say the same.
const FEW: usize = 2;

pub(super) fn render(question: &Question<'_>, answers: &[Answer]) -> String {
    let mut text = String::new();
    let asked = format!("{} -> {}", question.from, question.to);
    let asked = match question.port {
        Some(port) => format!("{asked}:{port}"),
        None => asked,
    };
    let brief = answers.len() > 1;
    let width = answers.iter().map(|answer| answer.cluster.len()).max();
    for answer in answers {
        let head = match answer.holds() {
            Some(holds) => word(holds),
            None => "in part",
        };
        if brief {
            let (cluster, width) = (&answer.cluster, width.unwrap_or(0));
            let _ = writeln!(text, "{cluster:<width$}  {head}: {asked}{}", short(answer));
            continue;
        }
        let _ = writeln!(text, "{head}: {asked} in cluster {}", answer.cluster);
        for pair in &answer.pairs {
            one(pair, answer.pairs.len() > 1, &mut text);
        }
    }
    if brief {
        let _ = writeln!(
            text,
            "name one cluster with --cluster to see the rules that decide"
        );
    }
    text
}

fn word(holds: Holds) -> &'static str {
    match holds {
        Holds::Yes => "yes",
        Holds::No => "no",
        Holds::Unsure => "can't tell",
    }
}

/// What a line has room for: the ports, or at which end it fails.
fn short(answer: &Answer) -> String {
    let [pair] = answer.pairs.as_slice() else {
        let of = |wanted| {
            answer
                .pairs
                .iter()
                .filter(|pair| pair.holds == wanted)
                .count()
        };
        let (yes, all) = (of(Holds::Yes), answer.pairs.len());
        return format!(", {yes} of {all} pairs of workloads");
    };
    match (&pair.open, pair.holds) {
        (Some(open), _) => format!(", at {open}"),
        (None, Holds::Yes) => String::new(),
        (None, Holds::No | Holds::Unsure) => {
            let sides = [("out", &pair.egress), ("in", &pair.ingress)];
            let sides = sides.iter().filter(|(_, side)| side.holds != Holds::Yes);
            let names: Vec<&str> = sides.map(|(name, _)| *name).collect();
            format!(", on the way {}", names.join(" and "))
        }
    }
}

fn one(pair: &Pair, titled: bool, text: &mut String) {
    if titled {
        let _ = writeln!(text, "\n{}: {} -> {}", word(pair.holds), pair.from, pair.to);
    }
    if let Some(open) = &pair.open {
        let _ = writeln!(text, "  open     {open}");
    }
    if let Some(unclear) = &pair.unclear {
        let _ = writeln!(text, "  unclear  {unclear}");
    }
    side("way out", &pair.from, &pair.egress, text);
    side("way in", &pair.to, &pair.ingress, text);
    for fix in &pair.fix {
        let _ = writeln!(text, "  to let it through: {fix}");
    }
}

fn side(title: &str, own: &str, reason: &Reason, text: &mut String) {
    let _ = writeln!(text, "  {title:<7}  {own}: {}", reason.said);
    for rule in reason.rules.iter().take(FEW) {
        let _ = writeln!(text, "           {}:{}", rule.file, rule.pointer);
        if let Some(doubt) = &rule.doubt {
            let _ = writeln!(text, "             {doubt}");
        }
        if let Some(place) = &rule.place {
            let _ = writeln!(text, "             {place}   {}", rule.line);
        }
    }
    if reason.rules.len() > FEW {
        let _ = writeln!(text, "           and {} more", reason.rules.len() - FEW);
    }
}
