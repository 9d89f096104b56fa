//! Each verdict.
