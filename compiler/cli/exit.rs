//! Exit codes, the same for every command; where several hold, the worst wins.

use std::process::ExitCode;

/// How a command ended, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Done, nothing to report.
    Done,
    /// There are differences: `build --check`, `plan --exit-code`.
    Different,
    /// A gate said no: `reach --expect`.
    Refused,
    /// A hand edit or a foreign file would have to be overwritten.
    Blocked,
    /// It could not decide or do it: bad input, I/O, wrong usage.
    Failed,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        ExitCode::from(match code {
            Code::Done => 0,
            Code::Failed => 1,
            Code::Different => 2,
            Code::Refused => 3,
            Code::Blocked => 4,
        })
    }
}
