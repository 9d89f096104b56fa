//! The work within one cluster, on several threads where there are too few clusters to keep them busy.

use rayon::prelude::*;

/// More clusters than this keep every thread busy. A thread that waits for the rest of its cluster may begin another, so
/// beyond it memory would grow.
const FEW: usize = 12;

/// Calls `work` with each item, in no order that matters; what it gives comes in the items' order.
pub fn share<T: Send, R: Send>(
    clusters: usize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync + Send,
) -> Vec<R> {
    if clusters > FEW {
        items.into_iter().map(work).collect()
    } else {
        items.into_par_iter().map(work).collect()
    }
}
