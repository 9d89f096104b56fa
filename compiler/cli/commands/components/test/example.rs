//! The specs that a component's README shows.

use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, Origins, Sources};

/// The whole specs in a README: each as a text that has nothing but this spec, at the lines where it stands.
pub fn specs(readme: &str) -> Vec<String> {
    let mut specs = Vec::new();
    let mut open: Option<String> = None;
    for (before, line) in readme.lines().enumerate() {
        match (&mut open, line.trim_end()) {
            (None, "```yaml" | "```yml") => open = Some("\n".repeat(before + 1)),
            (Some(_), "```") => specs.extend(open.take()),
            (Some(spec), line) => {
                spec.push_str(line);
                spec.push('\n');
            }
            (None, _) => {}
        }
    }
    specs.retain(|spec| spec.lines().any(|line| line.trim() == "kind: Platform"));
    specs
}

/// A spec as a tree; `None` where it can't be read, which its build says.
pub fn tree(spec: &str) -> Option<Node> {
    let file = Sources::default().add("spec", spec);
    let mut found = Diagnostics::default();
    let node = parse_one(file, spec, &mut Origins::default(), &mut found)?;
    (!found.has_errors()).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_stand_at_their_lines() {
        let readme = "# x\n\n```yaml\nkind: Platform\nname: a\n```\ntext\n```yaml\nvalues: {}\n```\n```yaml\nkind: Platform\n```\n";
        assert_eq!(
            specs(readme),
            [
                "\n\n\nkind: Platform\nname: a\n",
                "\n\n\n\n\n\n\n\n\n\n\nkind: Platform\n"
            ]
        );
        assert_eq!(specs("```yaml\nkind: Platform\n"), Vec::<String>::new());
        assert!(tree("a: [1").is_none());
    }
}
