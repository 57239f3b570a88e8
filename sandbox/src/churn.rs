//! Tasks that appear and disappear between two requests.

use fastrand::Rng;

use crate::{generate::Generator, options::Churn, progress::finish, tenant::Tenant};

/// Changes the tenant once, at random.
pub(crate) fn stir(
    tenant: &mut Tenant,
    churn: &Churn,
    rng: &mut Rng,
    generator: &mut Generator,
    now: i64,
) {
    let mut times = |chance: f64| {
        if rng.f64() < chance {
            rng.usize(1..=churn.burst.max(1))
        } else {
            0
        }
    };
    let [insert, prune, remove, finished] =
        [churn.insert, churn.prune, churn.remove, churn.finish].map(&mut times);
    for _ in 0..insert {
        tenant.put(generator.started(now));
    }
    for _ in 0..prune {
        let oldest = tenant.at(0).and_then(|task| task.id.clone());
        oldest.and_then(|id| tenant.remove(&id));
    }
    for _ in 0..remove {
        let index = rng.usize(..tenant.len().0.max(1));
        let anywhere = tenant.at(index).and_then(|task| task.id.clone());
        anywhere.and_then(|id| tenant.remove(&id));
    }
    for _ in 0..finished {
        let index = rng.usize(..tenant.len().1.max(1));
        if let Some(task) = tenant.pending_at(index).cloned() {
            finish(tenant, &task, generator.outcome(), now);
        }
    }
}
