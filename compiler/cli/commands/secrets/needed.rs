//! What the chosen clusters need, for every command of `secrets`.

use crate::args::Color;
use crate::project::{Project, Which};
use passes::resolve::selector::Selector;
use passes::secrets::{Needed, Needs, needs};
use rayon::prelude::*;
use std::path::PathBuf;
use syntax::Diagnostic;

/// Which clusters of which spec.
#[derive(Debug, clap::Args)]
pub struct Scope {
    /// Only these clusters: NAME (`*` and `?` allowed) or key=value[,key=value]; repeat for more
    #[arg(
        long,
        env = "FORMWORK_CLUSTER",
        value_name = "SELECTOR",
        value_delimiter = ';'
    )]
    cluster: Vec<String>,

    /// The spec; without it, `platform.yaml` is looked for upwards from here
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// The spec, and what each of the chosen clusters needs.
pub(super) struct Scene {
    pub(super) project: Project,
    pub(super) needs: Vec<Needs>,
}

impl Scope {
    /// Reads the spec; `None` where it is wrong, which is said.
    ///
    /// # Errors
    /// There is no spec, or no such cluster.
    pub(super) fn read(&self, color: Color) -> Result<Option<Scene>, Box<Diagnostic>> {
        let mut project = Project::find(&Which {
            spec: self.spec.clone(),
        })?;
        project.world.asks_the_day();
        let (front, mut found) = project.front();
        let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
            project.show(found, &front.sources, color);
            return Ok(None);
        };
        let chosen = Selector::choose(&platform, &self.cluster)?;
        let all = chosen.par_iter().map(|spec| needs(&platform, spec));
        let mut all: Vec<Needs> = all.collect();
        for needs in &mut all {
            let said = std::mem::take(&mut needs.found);
            if said.has_errors() {
                found.append(said);
            }
        }
        if found.has_errors() {
            project.show(found, &platform.sources, color);
            return Ok(None);
        }
        Ok(Some(Scene {
            project,
            needs: all,
        }))
    }
}

impl Scene {
    /// The Secrets of a name.
    ///
    /// # Errors
    /// Nothing needs one of that name.
    pub(super) fn named(&self, name: &str) -> Result<Vec<(&Needs, &Needed)>, Box<Diagnostic>> {
        let all = || {
            let each = self.needs.iter();
            each.flat_map(|needs| needs.secrets.iter().map(move |secret| (needs, secret)))
        };
        let found: Vec<_> = all().filter(|(_, it)| it.name == name).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let problem = Diagnostic::error("no-secret", format!("nothing needs a Secret `{name}`"));
        let names = all().map(|(_, secret)| secret.name.as_str());
        Err(Box::new(match syntax::suggest::nearest(name, names) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("`formwork secrets check` lists what is needed"),
        }))
    }
}
