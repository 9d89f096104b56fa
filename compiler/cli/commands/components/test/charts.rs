//! The charts at hand: folders of charts, or of what is left of them when only their values count.

use passes::chart::{Chart, Texts};
use std::fs;
use std::path::{Path, PathBuf};
use syntax::{Diagnostic, Node};

/// Charts in charts are looked for down to here.
const DEPTH: usize = 4;

/// Where charts are looked for.
#[derive(Clone, Debug)]
pub struct Charts {
    folder: Option<PathBuf>,
}

/// A chart, and where it was found.
#[derive(Debug)]
pub struct Found {
    /// Its folder.
    pub folder: PathBuf,
    /// What its folder says.
    pub chart: Chart,
}

impl Charts {
    /// The charts below a folder, or in it.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn new(folder: Option<&Path>) -> Result<Self, Box<Diagnostic>> {
        match folder.filter(|folder| !folder.is_dir()) {
            Some(none) => Err(Box::new(Diagnostic::error(
                "no-chart",
                format!("there is no folder `{}`", none.display()),
            ))),
            None => Ok(Charts {
                folder: folder.map(Path::to_path_buf),
            }),
        }
    }

    /// Whether any folder was named.
    pub fn is_none(&self) -> bool {
        self.folder.is_none()
    }

    /// The chart of a component; `None` where none is at hand.
    ///
    /// # Errors
    /// It is there and can't be read.
    pub fn find(&self, component: &str, stated: &Node) -> Result<Option<Found>, String> {
        let Some(top) = &self.folder else {
            return Ok(None);
        };
        let name = name_of(stated).unwrap_or(component);
        if is_chart(top) {
            let chart = read(top, DEPTH)?;
            let fits = chart.name.as_deref().is_none_or(|own| own == name);
            let folder = top.clone();
            return Ok(fits.then_some(Found { folder, chart }));
        }
        let folders = [top.join(name), top.join(component)];
        match folders.into_iter().find(|folder| is_chart(folder)) {
            Some(folder) => Ok(Some(Found {
                chart: read(&folder, DEPTH)?,
                folder,
            })),
            None => Ok(None),
        }
    }
}

/// The name of a chart: stated, or the last part of its address.
pub fn name_of(stated: &Node) -> Option<&str> {
    let address = || {
        stated
            .str_at(&["oci"])?
            .trim_end_matches('/')
            .rsplit('/')
            .next()
    };
    stated.str_at(&["name"]).or_else(address)
}

fn is_chart(folder: &Path) -> bool {
    ["values.yaml", "Chart.yaml", "Chart.json"]
        .iter()
        .any(|file| folder.join(file).is_file())
}

fn read(folder: &Path, depth: usize) -> Result<Chart, String> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let texts = Texts {
        about: text("Chart.yaml").or_else(|| text("Chart.json")),
        values: text("values.yaml"),
        schema: text("values.schema.json"),
        comments: text("values.commented-keys.txt"),
        templates: templates(&folder.join("templates"), depth),
    };
    let mut chart = Chart::read(&texts)
        .map_err(|problem| format!("the chart in `{}`: {problem}", folder.display()))?;
    if depth > 0 {
        for part in chart.parts_mut() {
            let inner = folder.join("charts").join(&part.name);
            let beside = folder.parent().map(|above| above.join(&part.name));
            let beside = beside.filter(|_| part.is_published);
            let near = [Some(inner), beside].into_iter().flatten();
            if let Some(place) = near.into_iter().find(|place| is_chart(place)) {
                part.chart = Some(read(&place, depth - 1)?);
            }
        }
    }
    Ok(chart)
}

/// The texts of a folder of templates and of those below it, by name.
fn templates(folder: &Path, depth: usize) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| match path.is_dir() {
        true if depth > 0 => templates(path, depth - 1),
        true => String::new(),
        false => fs::read_to_string(path).unwrap_or_default() + "\n",
    });
    texts.collect()
}
