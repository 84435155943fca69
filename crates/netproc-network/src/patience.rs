//! Deadlines that are hardly ever met, such as those of handshakes.
//!
//! A timer of `async-io` wakes the thread of that crate when it is set, which costs more than all
//! else that a deadline does. These share one timer, which ticks while there are any.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use async_io::Timer;

/// How late a deadline may be noticed.
const TICK: Duration = Duration::from_millis(250);

/// Deadlines that are nearer have a timer of their own.
const SOON: Duration = Duration::from_secs(2);

/// Those who wait, and their timer.
static CLOCK: Mutex<Clock> = Mutex::new(Clock {
    next: 0,
    waiting: BTreeMap::new(),
    timer: None,
    is_ticking: false,
});

/// A future that is ready once its time has passed, a quarter of a second late at most.
pub(crate) enum Patience {
    /// With a timer of its own.
    Short(Timer),
    /// By the tick.
    Long { until: Instant, number: Option<u64> },
    /// Its time lies beyond all clocks.
    Endless,
}

impl Patience {
    /// Begins now.
    pub(crate) fn lasting(limit: Duration) -> Self {
        match Instant::now().checked_add(limit) {
            Some(_) if limit < SOON => Patience::Short(Timer::after(limit)),
            Some(until) => Patience::Long {
                until,
                number: None,
            },
            None => Patience::Endless,
        }
    }
}

impl Future for Patience {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.get_mut() {
            Patience::Short(timer) => Pin::new(timer).poll(context).map(|_fired_at| ()),
            Patience::Long { until, .. } if Instant::now() >= *until => Poll::Ready(()),
            Patience::Long { until, number } => {
                let replaced = clock().wait(*until, number, context.waker());
                // A waker is foreign; it ends where no lock is held.
                drop(replaced);
                Poll::Pending
            }
            Patience::Endless => Poll::Pending,
        }
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        if let Patience::Long {
            until,
            number: Some(number),
        } = self
        {
            let waker = clock().waiting.remove(&(*until, *number));
            drop(waker);
        }
    }
}

/// Those who wait by the tick.
struct Clock {
    next: u64,
    waiting: BTreeMap<(Instant, u64), Waker>,
    timer: Option<Timer>,
    is_ticking: bool,
}

fn clock() -> MutexGuard<'static, Clock> {
    CLOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock {
    fn wait(&mut self, until: Instant, number: &mut Option<u64>, waker: &Waker) -> Option<Waker> {
        let number = *number.get_or_insert_with(|| {
            self.next += 1;
            self.next
        });
        let replaced = match self.waiting.get_mut(&(until, number)) {
            Some(left) if left.will_wake(waker) => None,
            _ => self.waiting.insert((until, number), waker.clone()),
        };
        if !self.is_ticking {
            self.is_ticking = true;
            self.set();
        }
        replaced
    }

    fn set(&mut self) {
        let waker = Waker::from(Arc::new(Tick));
        let timer = self.timer.get_or_insert_with(Timer::never);
        // On a machine that stood still the time may be up at once; nobody would be woken then.
        loop {
            timer.set_after(TICK);
            if Pin::new(&mut *timer)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
            {
                return;
            }
        }
    }

    /// Takes out those whose time is up, and goes on if there are others.
    fn tick(&mut self) -> BTreeMap<(Instant, u64), Waker> {
        let later = self.waiting.split_off(&(Instant::now(), u64::MAX));
        let due = std::mem::replace(&mut self.waiting, later);
        self.is_ticking = !self.waiting.is_empty();
        if self.is_ticking {
            self.set();
        }
        due
    }
}

/// Woken by the timer.
struct Tick;

impl Wake for Tick {
    fn wake(self: Arc<Self>) {
        let due = clock().tick();
        for waker in due.into_values() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_lite::future::{block_on, or};

    use super::*;

    fn wait(limit: Duration) -> Duration {
        let begun = Instant::now();
        block_on(Patience::lasting(limit));
        begun.elapsed()
    }

    #[test]
    fn no_deadline_comes_before_its_time() {
        for limit in [Duration::from_millis(20), SOON] {
            assert!(wait(limit) >= limit);
        }
    }

    #[test]
    fn what_is_given_up_leaves_nothing_behind() {
        let mine = Instant::now() + Duration::from_secs(1000);
        block_on(or(
            Patience::lasting(Duration::from_secs(2000)),
            futures_lite::future::yield_now(),
        ));
        assert!(clock().waiting.keys().all(|(until, _)| *until < mine));
    }

    #[test]
    fn a_time_beyond_all_clocks_never_comes() {
        let never = Patience::lasting(Duration::MAX);
        let moment = async {
            Timer::after(Duration::from_millis(1)).await;
        };
        block_on(or(never, moment));
    }
}
