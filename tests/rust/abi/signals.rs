//! The host's signals: none is handled by a thread of the library, and a caller's thread keeps its own.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use v2024_sandbox::{Action, Fault, Options, Sandbox};

use super::cancel::until;
use super::{Client, alone, code, resolver};
use crate::common::fault;

/// The thread that handled the last signal.
static HANDLED: AtomicI64 = AtomicI64::new(0);

fn this_thread() -> i64 {
    // SAFETY: only asks.
    i64::from(unsafe { libc::gettid() })
}

/// Has SIGUSR1 recorded.
fn record() {
    extern "C" fn handler(_: libc::c_int) {
        HANDLED.store(this_thread(), Ordering::SeqCst);
    }
    // SAFETY: the handler only stores a number.
    unsafe { libc::signal(libc::SIGUSR1, handler as *const () as libc::sighandler_t) };
}

/// The signals that this thread blocks.
fn mask() -> Vec<libc::c_int> {
    let mut set = MaybeUninit::uninit();
    // SAFETY: fills the set, then asks for members; numbers that are none give -1.
    unsafe {
        libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), set.as_mut_ptr());
        let set = set.assume_init();
        (1..=libc::SIGRTMAX())
            .filter(|number| libc::sigismember(&set, *number) == 1)
            .collect()
    }
}

/// The signals that each thread of this process blocks, by its id.
fn masks() -> Vec<(i64, u64)> {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|task| {
            let status = std::fs::read_to_string(task.ok()?.path().join("status")).ok()?;
            let field = |name| {
                let line = status.lines().find_map(|line| line.strip_prefix(name))?;
                Some(line.trim().to_owned())
            };
            let id = field("Pid:")?.parse().ok()?;
            Some((id, u64::from_str_radix(&field("SigBlk:")?, 16).ok()?))
        })
        .collect()
}

#[test]
fn threads_of_the_library_block_the_hosts_signals() {
    let Some(mut settings) = alone::settings_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        alone::run(
            "abi::signals::threads_of_the_library_block_the_hosts_signals",
            &sandbox,
        );
        return;
    };
    let base_url = settings["BaseUrl"].as_str().unwrap();
    settings["BaseUrl"] = json!(base_url.replace("127.0.0.1", resolver::NAME));
    settings["AllowHttp"] = json!(true);
    // Without a token to wait for, each call looks the name up for itself.
    settings["Token"] = json!("none");
    settings["ClientId"] = json!(null);
    settings["ClientSecret"] = json!(null);
    let (client, (status, shown)) = Client::new(settings.to_string());
    assert_eq!(status, 0, "{shown}");
    let hosts: Vec<i64> = masks().into_iter().map(|(id, _)| id).collect();

    resolver::hang();
    thread::scope(|scope| {
        let blocking = scope.spawn(move || {
            let before = mask();
            let status = client.get("x").0;
            (this_thread(), status, before == mask())
        });
        let call = client.start(&json!({"operation": "get_pending_tasks"}));
        until("both names are looked up", || resolver::waiting() == 2);
        let all_but_faults = |mask: u64| {
            let blocks = |signal: libc::c_int| mask & (1 << (signal - 1)) != 0;
            [
                libc::SIGINT,
                libc::SIGTERM,
                libc::SIGHUP,
                libc::SIGCHLD,
                libc::SIGALRM,
            ]
            .into_iter()
            .chain([libc::SIGUSR1, libc::SIGUSR2, libc::SIGPIPE, libc::SIGPROF])
            .chain([libc::SIGWINCH, libc::SIGRTMIN(), libc::SIGRTMAX()])
            .all(blocks)
                && !blocks(libc::SIGSEGV)
        };
        let masks = masks();
        resolver::go_on();
        let (caller, status, unchanged) = blocking.join().unwrap();
        assert_eq!(status, 401);
        assert!(unchanged, "the caller's mask has changed");
        let own: Vec<_> = masks
            .iter()
            .filter(|(id, _)| !hosts.contains(id) && *id != caller)
            .collect();
        // The worker, and a thread that looks the name up for each call.
        assert_eq!(own.len(), 3, "{masks:x?}");
        for (id, mask) in own {
            assert!(all_but_faults(*mask), "thread {id} blocks only {mask:x}");
        }
        assert_eq!(call.message()["status"], 401);
        call.free();
    });
    client.free();
}

#[test]
fn a_callers_thread_handles_signals_while_it_waits() {
    let Some(client) = alone::client_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        sandbox.fault(Fault {
            times: 0,
            delay: 1500,
            ..fault(Action::Pass)
        });
        alone::run(
            "abi::signals::a_callers_thread_handles_signals_while_it_waits",
            &sandbox,
        );
        return;
    };
    record();
    thread::scope(|scope| {
        // SAFETY: an id that lives as long as its thread.
        let caller = unsafe { libc::pthread_self() };
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(500));
            // SAFETY: the thread is inside the call below.
            unsafe { libc::pthread_kill(caller, libc::SIGUSR1) };
            let sent = Instant::now();
            while HANDLED.load(Ordering::SeqCst) == 0 {
                assert!(
                    sent.elapsed() < Duration::from_millis(500),
                    "it is not handled"
                );
                thread::sleep(Duration::from_millis(5));
            }
        });
        assert_eq!(client.pending(None, None, None).0, 200);
    });
    assert_eq!(HANDLED.load(Ordering::SeqCst), this_thread());
    client.free();
}

#[test]
fn a_pipe_signal_of_the_hosts_stays() {
    let Some(mut settings) = alone::settings_if_alone() else {
        let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
        sandbox.fault(Fault {
            times: 0,
            ..fault(Action::Reset)
        });
        alone::run("abi::signals::a_pipe_signal_of_the_hosts_stays", &sandbox);
        return;
    };
    settings["MaximumRetryCount"] = json!(0);
    let client = Client::new(settings.to_string()).0;
    let mut pipe = MaybeUninit::uninit();
    // SAFETY: the set is initialized first; the signal that is raised is blocked by then.
    unsafe {
        libc::sigemptyset(pipe.as_mut_ptr());
        libc::sigaddset(pipe.as_mut_ptr(), libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, pipe.as_ptr(), ptr::null_mut());
        libc::raise(libc::SIGPIPE);
    }
    let before = mask();
    assert_eq!(code(&client.get("x").1), "connect");
    assert_eq!(mask(), before);
    let mut pending = MaybeUninit::uninit();
    // SAFETY: `sigpending` initializes the set.
    let stays = unsafe {
        libc::sigpending(pending.as_mut_ptr());
        libc::sigismember(pending.as_ptr(), libc::SIGPIPE)
    };
    assert_eq!(stays, 1);
    client.free();
}
