//! Running a future on this thread, which waits at the set of sockets meanwhile.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::{EVENTS, Set, dispatch, has_notice, set};

/// Runs a future to its end on this thread.
///
/// Sockets that become ready meanwhile are seen by this thread itself, if no other waits in here,
/// so that no thread has to wake another. Under any other executor sockets wake their tasks just
/// as well, after a detour through the thread of `async-io`.
///
/// # Examples
///
/// ```
/// assert_eq!(netproc_socket::block_on(async { 1 + 1 }), 2);
/// ```
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    match set() {
        Some(set) => run(set, future),
        None => futures_lite::future::block_on(future),
    }
}

/// Does the same, and is made for long waits: this thread looks at the sockets even where each is
/// a source of `async-io`.
///
/// `async-io` has a thread of its own for that, and to take it over and give it back takes several
/// times as long as a short wait itself.
///
/// # Examples
///
/// ```
/// assert_eq!(netproc_socket::block_on_watching(async { 1 + 1 }), 2);
/// ```
pub fn block_on_watching<T>(future: impl Future<Output = T>) -> T {
    match set() {
        Some(set) => run(set, future),
        None => async_io::block_on(future),
    }
}

/// Nothing has been said to the thread.
const UNTOLD: u8 = 0;
/// Its future is to be polled.
const TOLD: u8 = 1;
/// It sleeps, while another thread waits at the set.
const ASLEEP: u8 = 2;
/// It waits at the set.
const AT_THE_SET: u8 = 3;

/// How a thread that waits in here is woken.
struct Sleeper {
    state: AtomicU8,
    thread: Thread,
    set: &'static Set,
}

impl Sleeper {
    fn new(set: &'static Set) -> Arc<Sleeper> {
        Arc::new(Sleeper {
            state: AtomicU8::new(UNTOLD),
            thread: thread::current(),
            set,
        })
    }

    /// Tells whether there was word, and forgets it.
    fn hear(&self) -> bool {
        self.state.swap(UNTOLD, Ordering::SeqCst) == TOLD
    }

    /// Begins to wait in one way or the other, unless there is word already.
    fn settle_down(&self, way: u8) -> bool {
        self.state
            .compare_exchange(UNTOLD, way, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    /// Waits until there is word; the sockets are looked at by whoever can.
    fn wait(&self) {
        loop {
            if self.set.lead.come(&self.set.epoll) {
                if self.wait_at_the_set() {
                    return;
                }
            } else {
                if self.settle_down(ASLEEP) {
                    while self.state.load(Ordering::SeqCst) == ASLEEP {
                        thread::park();
                    }
                }
                return;
            }
        }
    }

    /// Waits at the set, once, and tells whether there is word.
    fn wait_at_the_set(&self) -> bool {
        let mut events = EVENTS.take();
        events.clear();
        if self.settle_down(AT_THE_SET) {
            self.set.wait(&mut events, None);
        }
        if has_notice(&events) {
            // Before looking for word: what is said after that leaves a notice of its own.
            self.set.take_notice_back();
        }
        // From here on who wakes this thread need not interrupt it.
        let told = self.hear();
        self.set.lead.go();
        dispatch(events);
        told || self.state.load(Ordering::SeqCst) == TOLD
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        match self.state.swap(TOLD, Ordering::SeqCst) {
            ASLEEP => self.thread.unpark(),
            AT_THE_SET => self.set.interrupt(),
            _ => {}
        }
    }
}

thread_local! {
    /// How many futures are being run on this thread, one inside the other.
    static RUNNING: Cell<u32> = const { Cell::new(0) };

    /// The sleeper of this thread, while no future of it is being run.
    static SPARE: Cell<Option<Arc<Sleeper>>> = const { Cell::new(None) };
}

/// Tells whether this thread comes back to the set by itself.
pub(super) fn is_running_here() -> bool {
    RUNNING.get() > 0
}

/// Counts a future that is being run, however it ends.
struct Running(&'static Set);

impl Running {
    fn new(set: &'static Set) -> Running {
        RUNNING.set(RUNNING.get() + 1);
        Running(set)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(RUNNING.get() - 1);
        self.0.lead.leave(&self.0.epoll);
    }
}

fn run<T>(set: &'static Set, future: impl Future<Output = T>) -> T {
    let _running = Running::new(set);
    let sleeper = SPARE.take().unwrap_or_else(|| Sleeper::new(set));
    let waker = Waker::from(Arc::clone(&sleeper));
    let context = &mut Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        let _polled_anyway = sleeper.hear();
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            SPARE.set(Some(sleeper));
            return output;
        }
        if sleeper.state.load(Ordering::SeqCst) == TOLD {
            // It wants to go on; what has become ready has its turn, too.
            set.lead.pass(&set.epoll);
            set.look();
        } else {
            sleeper.wait();
        }
    }
}
