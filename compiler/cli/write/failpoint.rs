//! Places where a test can end the process or make the disk fail; nothing at all in a release build.
//!
//! `FORMWORK_FAILPOINT=NAME:N` aborts when the step NAME is reached for the Nth time, `NAME:N:error` fails it instead.

/// Says that a step is reached.
///
/// # Errors
/// The failure that a test asked for.
#[cfg(debug_assertions)]
pub fn reach(name: &str) -> std::io::Result<()> {
    armed::reach(name)
}

/// Says that a step is reached.
#[cfg(not(debug_assertions))]
#[inline(always)]
#[expect(clippy::unnecessary_wraps, reason = "it can fail in a debug build")]
pub fn reach(_name: &str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(debug_assertions)]
mod armed {
    use std::io;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Failpoint {
        name: String,
        at: usize,
        fails: bool,
        reached: AtomicUsize,
    }

    static ARMED: OnceLock<Option<Failpoint>> = OnceLock::new();

    pub fn reach(name: &str) -> io::Result<()> {
        let Some(point) = ARMED.get_or_init(read).as_ref().filter(|p| p.name == name) else {
            return Ok(());
        };
        if point.reached.fetch_add(1, Ordering::Relaxed) + 1 != point.at {
            return Ok(());
        }
        if point.fails {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        std::process::abort()
    }

    fn read() -> Option<Failpoint> {
        let text = std::env::var("FORMWORK_FAILPOINT").ok()?;
        let mut parts = text.split(':');
        Some(Failpoint {
            name: parts.next()?.to_owned(),
            at: parts.next()?.parse().ok()?,
            fails: parts.next() == Some("error"),
            reached: AtomicUsize::new(0),
        })
    }
}
