//! The program's signals: none of them is handled on a thread of this library.

#[cfg(not(unix))]
pub(crate) use none::{Quiet, blocked, on_callers_thread};
#[cfg(unix)]
pub(crate) use unix::{Quiet, blocked, on_callers_thread};

/// Systems without signals.
#[cfg(not(unix))]
mod none {
    use tokio::runtime::Builder;

    pub(crate) struct Quiet;

    impl Quiet {
        pub(crate) fn begin() -> Self {
            Self
        }
    }

    pub(crate) fn blocked<T>(body: impl FnOnce() -> T) -> T {
        body()
    }

    pub(crate) fn on_callers_thread(builder: &mut Builder) -> &mut Builder {
        builder
    }
}

#[cfg(unix)]
mod unix {
    use std::cell::Cell;
    use std::mem::MaybeUninit;
    use std::ptr;

    use libc::{c_int, sigset_t};
    use tokio::runtime::Builder;

    /// Signals that a thread raises by a fault of its own. They stay as they are, for the program's crash
    /// reporter.
    const FAULTS: [c_int; 6] = [
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGILL,
        libc::SIGSEGV,
        libc::SIGSYS,
        libc::SIGTRAP,
    ];

    thread_local! {
        /// The mask with which this thread waits, while it runs a function that blocks.
        static WAITING: Cell<Option<sigset_t>> = const { Cell::new(None) };
    }

    /// Runs what may start a thread, with all signals blocked: a thread begins with the mask of the
    /// one that starts it.
    pub(crate) fn blocked<T>(body: impl FnOnce() -> T) -> T {
        let _mask = Mask::block_all();
        body()
    }

    /// While this lives the caller's thread may work as one of the library's: signals are blocked, so
    /// that threads which it starts (to look up names) take none, and writing to a connection that was
    /// reset does not end the process by SIGPIPE. Signals reach the thread whenever it waits, see
    /// [`on_callers_thread`].
    pub(crate) struct Quiet {
        /// Restores the mask, after `drop` below.
        _before: Mask,
        /// Whether a SIGPIPE of the program's was pending already.
        keeps_pipe: bool,
        outer: Option<sigset_t>,
    }

    impl Quiet {
        pub(crate) fn begin() -> Self {
            let before = Mask::block_all();
            let mut waiting = before.0;
            // SAFETY: a set, and signals that exist.
            let keeps_pipe = unsafe {
                let was_blocked = libc::sigismember(&raw const waiting, libc::SIGPIPE) == 1;
                libc::sigaddset(&raw mut waiting, libc::SIGPIPE);
                // Only a blocked signal can be pending.
                was_blocked && is_pending(libc::SIGPIPE)
            };
            Self {
                _before: before,
                keeps_pipe,
                outer: WAITING.replace(Some(waiting)),
            }
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            WAITING.set(self.outer);
            if !self.keeps_pipe {
                take_pipe();
            }
        }
    }

    /// Has a runtime let signals through while the thread that runs it waits.
    pub(crate) fn on_callers_thread(builder: &mut Builder) -> &mut Builder {
        builder
            .on_thread_park(|| {
                if let Some(mask) = WAITING.get() {
                    // SAFETY: a set that the system gave.
                    unsafe {
                        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const mask, ptr::null_mut());
                    }
                }
            })
            .on_thread_unpark(|| {
                if WAITING.get().is_some() {
                    let all = all();
                    // SAFETY: an initialized set.
                    unsafe {
                        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, ptr::null_mut());
                    }
                }
            })
    }

    /// Takes the SIGPIPE that a write raised in this thread, if one did.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn take_pipe() {
        let mut set = MaybeUninit::uninit();
        let at_once = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: `sigemptyset` initializes the set, to which a signal that exists is added; no
        // details of the signal are asked for.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE);
            libc::sigtimedwait(set.as_ptr(), ptr::null_mut(), &raw const at_once);
        }
    }

    /// There is none: socket2 and mio set `SO_NOSIGPIPE` on every socket.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn take_pipe() {}

    fn is_pending(signal: c_int) -> bool {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `sigpending` initializes the set.
        unsafe {
            libc::sigpending(set.as_mut_ptr());
            libc::sigismember(set.as_ptr(), signal) == 1
        }
    }

    fn all() -> sigset_t {
        let mut set = MaybeUninit::uninit();
        // SAFETY: `sigfillset` initializes the set; `sigdelset` takes out signals that exist.
        unsafe {
            libc::sigfillset(set.as_mut_ptr());
            for signal in FAULTS {
                libc::sigdelset(set.as_mut_ptr(), signal);
            }
            set.assume_init()
        }
    }

    /// The thread's mask as it was; restored when this is dropped, even by a panic.
    struct Mask(sigset_t);

    impl Mask {
        fn block_all() -> Self {
            let all = all();
            let mut before = MaybeUninit::uninit();
            // SAFETY: both point to a set; with a valid `how` it cannot fail, and fills the second.
            unsafe {
                libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, before.as_mut_ptr());
                Self(before.assume_init())
            }
        }
    }

    impl Drop for Mask {
        fn drop(&mut self) {
            // SAFETY: a set that the system gave.
            unsafe {
                libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut());
            }
        }
    }
}
