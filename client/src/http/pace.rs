//! The rate limit of a tenant: holds requests back while it lasts, and spaces them once it is known.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::limit::{Cycle, Limit, Observation};
use crate::locks::lock;
use crate::response::Response;

/// The longest hold: one odd `Retry-After` must not stop the whole process.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// After this time a limit is learned again: it may have changed.
const REMEMBERED: Duration = Duration::from_secs(600);

/// How long a place in the window is kept for those who came first. A future that nobody polls, or a runtime
/// that stands still, does not take its place.
const PATIENCE: Duration = Duration::from_millis(50);

/// When requests may be sent; shared by all clients with the same credentials.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    state: Mutex<State>,
    /// A request has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    hold: Option<Hold>,
    known: Option<Known>,
    /// What the previous cycle said of the limit.
    observed: Option<Observation>,
    cycle: Cycle,
    /// The number of the cycle.
    number: u64,
    /// Whether a hold has begun since the cycle began.
    is_over: bool,
    /// How many requests have no response yet.
    on_their_way: usize,
    /// Those who wait for room, first come, first served.
    waiting: BTreeSet<u64>,
    /// The number of the latest of them.
    latest: u64,
}

/// A limit that was learned.
#[derive(Debug)]
struct Known {
    limit: Limit,
    until: Instant,
    /// When the tenant counted the requests of the latest window.
    counted: VecDeque<Instant>,
    /// Whether a request was refused that the limit had room for. The tenant may have counted others later
    /// than was thought.
    is_careful: bool,
}

impl Known {
    /// When the window has so many places, unless others take them; `None` if a request must end first.
    fn places(&self, places: usize, on_their_way: usize) -> Option<Room> {
        let counted = self.counted.len();
        match (counted + on_their_way + places).checked_sub(self.limit.requests) {
            None | Some(0) => Some(Room::Always),
            Some(leave) => {
                let last = *self.counted.get(leave - 1)?;
                Some(Room::From(last + self.limit.window))
            }
        }
    }

    /// A request ended. The tenant counted it on the way, most likely half-way.
    fn count(&mut self, sent: Instant, now: Instant) {
        let at = match self.is_careful {
            true => now,
            false => sent + (now - sent) / 2,
        };
        // A slow response comes after those of later requests.
        let place = self.counted.partition_point(|other| *other <= at);
        self.counted.insert(place, at);
    }
}

/// When there is room for a request.
enum Room {
    Always,
    From(Instant),
}

/// Somebody who waits for room.
struct Waiting<'a> {
    pace: &'a Pace,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.pace.state).waiting.remove(&self.number);
    }
}

/// Requests wait until this moment.
#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub until: Instant,
    pub cause: Arc<Cause>,
}

/// The response that limits the rate, its secrets masked.
#[derive(Debug)]
pub(crate) struct Cause {
    /// Method and address.
    pub request: String,
    pub response: Response,
}

/// A request that may be sent. Dropping it means that it ended, and that the tenant counted it.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    pace: &'a Pace,
    sent: Instant,
    cycle: u64,
    is_counted: bool,
}

impl Pace {
    /// Holds every request back for this long, unless a longer hold is in force.
    pub(crate) fn hold(&self, wait: Duration, cause: impl FnOnce() -> Cause) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        let mut state = lock(&self.state);
        state.is_over = true;
        if state.hold.as_ref().is_none_or(|hold| hold.until < until) {
            let cause = Arc::new(cause());
            state.hold = Some(Hold { until, cause });
        }
    }

    /// The current hold, if there is one.
    pub(crate) fn current(&self) -> Option<Hold> {
        let mut state = lock(&self.state);
        state.hold.take_if(|hold| hold.until <= Instant::now());
        state.hold.clone()
    }

    /// Waits until there is no hold, and until the limit, if one is known, has room for a request. `tell`
    /// learns of a long wait.
    pub(crate) async fn enter(&self, tell: impl Fn(Duration)) -> Pass<'_> {
        if let Ok(pass) = self.try_enter(None) {
            return pass;
        }
        let waiting = self.wait_in_line();
        let mut has_told = false;
        loop {
            let ended = self.ended.notified();
            match self.try_enter(Some(waiting.number)) {
                Ok(pass) => return pass,
                Err(None) => ended.await,
                Err(Some(until)) => {
                    let wait = until.saturating_duration_since(Instant::now());
                    if !has_told && wait >= Duration::from_secs(1) {
                        has_told = true;
                        tell(wait);
                    }
                    sleep_until(until).await;
                }
            }
        }
    }

    fn wait_in_line(&self) -> Waiting<'_> {
        let mut state = lock(&self.state);
        state.latest += 1;
        let number = state.latest;
        state.waiting.insert(number);
        Waiting { pace: self, number }
    }

    /// `number` is that of somebody who waits. `Err` has the time at which there may be room; none if a
    /// request must end first.
    fn try_enter(&self, number: Option<u64>) -> Result<Pass<'_>, Option<Instant>> {
        let now = Instant::now();
        let mut state = lock(&self.state);
        if let Some(hold) = state.hold.as_ref().filter(|hold| hold.until > now) {
            return Err(Some(hold.until));
        }
        if state.known.take_if(|known| known.until <= now).is_some() {
            state.cycle = Cycle::default();
            state.number += 1;
        }
        let on_their_way = state.on_their_way;
        let before = match number {
            Some(number) => state.waiting.range(..number).count(),
            None => state.waiting.len(),
        };
        if let Some(known) = &mut state.known {
            let Limit { window, .. } = known.limit;
            let is_old = |at: &Instant| *at + window + PATIENCE <= now;
            while known.counted.front().is_some_and(is_old) {
                known.counted.pop_front();
            }
            let room = |places| known.places(places, on_their_way);
            let may_enter = match (room(1), room(before + 1)) {
                (None, _) => return Err(None),
                (Some(Room::Always), _) | (_, Some(Room::Always)) => now,
                (Some(Room::From(first)), None) => first + PATIENCE,
                (Some(Room::From(first)), Some(Room::From(own))) => own.min(first + PATIENCE),
            };
            if may_enter > now {
                return Err(Some(may_enter));
            }
        }
        if std::mem::take(&mut state.is_over) {
            state.begin_cycle();
        }
        state.cycle.sent(now);
        state.on_their_way += 1;
        Ok(Pass {
            pace: self,
            sent: now,
            cycle: state.number,
            is_counted: true,
        })
    }
}

impl State {
    /// The hold after a refusal is over.
    fn begin_cycle(&mut self) {
        let observed = std::mem::take(&mut self.cycle).observation();
        self.number += 1;
        match (&self.known, observed) {
            (Some(_), _) => {}
            (None, Some(latest)) => {
                let before = self.observed;
                let both = before.and_then(|before| before.and(latest));
                let certain = both.or(Some(latest).filter(Observation::is_as_documented));
                self.observed = Some(certain.unwrap_or(latest));
                self.learn(certain);
            }
            (None, None) => self.observed = None,
        }
    }

    fn learn(&mut self, observed: Option<Observation>) {
        self.known = observed
            .and_then(|observed| observed.limit())
            .map(|limit| Known {
                limit,
                until: Instant::now() + REMEMBERED,
                counted: VecDeque::new(),
                is_careful: false,
            });
    }

    /// The tenant refused a request that the known limit had room for.
    fn correct(&mut self) {
        let careless = self.known.as_mut().filter(|known| !known.is_careful);
        if let Some(known) = careless {
            known.is_careful = true;
        } else if let Some(Known { limit, .. }) = self.known.take() {
            self.observed = self
                .observed
                .map(|observed| observed.but_longer(limit.window));
            self.learn(self.observed);
        }
    }
}

impl Pass<'_> {
    /// The tenant refused the request because of its rate limit, and asks to wait this long, if it says so.
    pub(crate) fn refused(mut self, wait: Option<Duration>) {
        self.is_counted = false;
        let mut state = lock(&self.pace.state);
        // Others that were on their way at the same time are refused for the same reason.
        if state.number != self.cycle || state.is_over {
            return;
        }
        match wait.filter(|wait| !wait.is_zero()) {
            Some(_) if state.known.is_some() => state.correct(),
            Some(wait) => state.cycle.refused(self.sent, Instant::now(), wait),
            None => {}
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut state = lock(&self.pace.state);
        state.on_their_way -= 1;
        if self.is_counted {
            if let Some(known) = &mut state.known {
                known.count(self.sent, now);
            }
            if state.number == self.cycle {
                state.cycle.accepted(now);
            }
        }
        drop(state);
        self.pace.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a tenant counts.
    #[derive(Clone, Copy)]
    enum Counting {
        /// In windows that begin with the first request.
        Fixed,
        /// In the seconds before each request.
        Sliding,
        Unlimited,
    }

    /// A tenant in memory that takes so many requests in so many seconds.
    struct Tenant {
        counting: Counting,
        requests: usize,
        window: Duration,
        counted: VecDeque<Instant>,
        refused: usize,
    }

    impl Tenant {
        /// `Err` has the `Retry-After`.
        fn take(&mut self) -> Result<(), Duration> {
            let now = Instant::now();
            let (window, counted) = (self.window, &mut self.counted);
            match self.counting {
                Counting::Unlimited => return Ok(()),
                Counting::Fixed if counted.front().is_some_and(|at| *at + window <= now) => {
                    counted.clear();
                }
                Counting::Fixed => {}
                Counting::Sliding => counted.retain(|at| *at + window > now),
            }
            if counted.len() < self.requests {
                counted.push_back(now);
                return Ok(());
            }
            self.refused += 1;
            let left = counted[0] + window - now;
            let seconds = left.as_millis().div_ceil(1000);
            Err(Duration::from_secs(u64::try_from(seconds).unwrap()))
        }
    }

    /// A limit of so many requests in a second, learned just now.
    fn known_limit(requests: usize) -> Known {
        Known {
            limit: Limit {
                requests,
                window: Duration::from_secs(1),
            },
            until: Instant::now() + REMEMBERED,
            counted: VecDeque::new(),
            is_careful: false,
        }
    }

    fn cause() -> Cause {
        Cause {
            request: String::new(),
            response: Response::new(429, Vec::new(), Vec::new()),
        }
    }

    /// Sends so many requests, some at once, to a tenant so many milliseconds away. Returns how long that
    /// takes, and how many are refused.
    async fn send(
        tenant: (Counting, usize, u64),
        away: u64,
        requests: usize,
        at_once: usize,
    ) -> (f64, usize) {
        let (counting, most, seconds) = tenant;
        let tenant = Arc::new(Mutex::new(Tenant {
            counting,
            requests: most,
            window: Duration::from_secs(seconds),
            counted: VecDeque::new(),
            refused: 0,
        }));
        let pace = Arc::new(Pace::default());
        let started = Instant::now();
        let workers: Vec<_> = (0..at_once)
            .map(|worker| {
                let (tenant, pace) = (Arc::clone(&tenant), Arc::clone(&pace));
                let share = requests / at_once + usize::from(worker < requests % at_once);
                tokio::spawn(async move {
                    for _ in 0..share {
                        one(&tenant, &pace, away).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let refused = lock(&tenant).refused;
        (started.elapsed().as_secs_f64(), refused)
    }

    async fn one(tenant: &Mutex<Tenant>, pace: &Pace, away: u64) {
        loop {
            let pass = pace.enter(|_| {}).await;
            // From 20 to 80 percent of the way there.
            let there = fastrand::u64(away / 5..=away * 4 / 5);
            tokio::time::sleep(Duration::from_millis(there)).await;
            let taken = lock(tenant).take();
            tokio::time::sleep(Duration::from_millis(away - there)).await;
            match taken {
                Ok(()) => return,
                Err(wait) => {
                    pass.refused(Some(wait));
                    pace.hold(wait, cause);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_used_up_and_seldom_exceeded() {
        for counting in [Counting::Fixed, Counting::Sliding] {
            for away in [2, 30, 200] {
                let (seconds, refused) = send((counting, 100, 10), away, 1056, 8).await;
                let what = format!("{away} ms away: {seconds} s, {refused} refused");
                // The 1,056th request is in the eleventh window.
                assert!(seconds <= 1.05 * 100.0, "{what}");
                assert!(refused <= 21, "{what}");
            }
        }
    }

    /// Slow responses come after those of later requests, and still count from when they were sent.
    #[test]
    fn requests_are_counted_in_the_order_of_their_times() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut known = known_limit(3);
        known.count(at(100), at(200));
        known.count(at(200), at(300));
        known.count(at(0), at(240));
        assert_eq!(known.counted, [at(120), at(150), at(250)]);
    }

    #[tokio::test(start_paused = true)]
    async fn limits_of_other_windows_are_learned() {
        for (requests, seconds) in [(50, 1), (20, 2), (300, 60)] {
            let (took, refused) =
                send((Counting::Fixed, requests, seconds), 20, 12 * requests, 4).await;
            let what = format!("{requests} in {seconds} s: {took} s, {refused} refused");
            assert!(took <= 11.0 * seconds as f64 + 3.0, "{what}");
            assert!(refused <= 4 * 4, "{what}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_without_a_limit_is_not_slowed() {
        let (seconds, refused) = send((Counting::Unlimited, 0, 1), 10, 10_000, 10).await;
        assert_eq!((seconds.round(), refused), (10.0, 0));
    }

    /// Two equal rounds of few requests prove nothing: the tenant has no limit.
    #[tokio::test(start_paused = true)]
    async fn a_few_refusals_are_no_limit() {
        let pace = Pace::default();
        let started = Instant::now();
        for number in 1..=60 {
            let pass = pace.enter(|_| {}).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            if number == 4 || number == 8 {
                let wait = Duration::from_secs(5);
                pass.refused(Some(wait));
                pace.hold(wait, cause);
            }
        }
        assert!(lock(&pace.state).known.is_none());
        assert!(started.elapsed() < Duration::from_secs(11));
    }

    /// A future that nobody polls, such as one of a caller that is busy, holds up nobody else.
    #[tokio::test(start_paused = true)]
    async fn who_is_not_polled_holds_up_nobody() {
        let pace = Pace::default();
        lock(&pace.state).known = Some(known_limit(20));
        for _ in 0..20 {
            drop(pace.enter(|_| {}).await);
        }
        let mut unpolled = std::pin::pin!(pace.enter(|_| {}));
        let polled_once = tokio::time::timeout(Duration::ZERO, &mut unpolled).await;
        assert!(polled_once.is_err());
        let started = Instant::now();
        for _ in 0..40 {
            drop(pace.enter(|_| {}).await);
        }
        let took = started.elapsed();
        assert!((1..4).contains(&took.as_secs()), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_goes_first() {
        let pace = Arc::new(Pace::default());
        lock(&pace.state).known = Some(known_limit(20));
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut all = Vec::new();
        for number in 0..70 {
            let (pace, order) = (Arc::clone(&pace), Arc::clone(&order));
            all.push(tokio::spawn(async move {
                let pass = pace.enter(|_| {}).await;
                lock(&order).push(number);
                tokio::time::sleep(Duration::from_millis(10)).await;
                drop(pass);
            }));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(*lock(&order), (0..70).collect::<Vec<_>>());
    }

    /// A gateway that is overloaded refuses requests that no limit refuses.
    #[tokio::test(start_paused = true)]
    async fn refusals_at_random_are_no_limit() {
        fastrand::seed(7);
        let pace = Pace::default();
        let mut held = Duration::ZERO;
        for _ in 0..2000 {
            let pass = pace.enter(|_| {}).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            if fastrand::u32(..50) == 0 {
                let wait = Duration::from_secs(1);
                pass.refused(Some(wait));
                pace.hold(wait, cause);
                tokio::time::sleep(wait).await;
                held += wait;
            }
        }
        assert!(lock(&pace.state).known.is_none());
        assert!(held > Duration::from_secs(20));
    }
}
