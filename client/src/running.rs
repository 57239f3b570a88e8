//! An operation that runs by itself, so that several run at once.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::call::Core;
use crate::error::Error;
use crate::events::{CertificateCheckEvent, Observer, RequestEvent, RetryEvent};
use crate::finish::Finish;
use crate::response::Response;
use crate::tasks::Operation;

/// A running operation. Dropping it ends it.
///
/// Its events are kept until somebody waits for the result, so that those of operations that run at the
/// same time do not mix.
pub(crate) struct Running {
    task: JoinHandle<Result<Response, Error>>,
    events: UnboundedReceiver<Event>,
    /// The latest event, if it is the success that ends the operation: it comes with the result.
    success: Option<Sent>,
}

/// An event, with what it borrows.
enum Event {
    Request(Sent, Result<Response, Error>),
    /// The request had success: its response is the operation's.
    Success(Sent),
    Retry {
        attempt: u32,
        delay: Duration,
        status: Option<u16>,
        reason: String,
    },
    CertificateCheck {
        host: String,
    },
}

/// A request that was sent.
struct Sent {
    method: String,
    url: String,
    attempt: u32,
    duration: Duration,
}

impl Running {
    /// Starts an operation on the current runtime. `finish` may tell it to send nothing more.
    pub(crate) fn start(core: &Core, operation: Operation, finish: Option<Finish>) -> Self {
        let (sender, events) = unbounded_channel();
        let core = core.clone();
        let task = tokio::spawn(async move {
            let recorder = Recorder { sender };
            core.run(&operation, &recorder, finish.as_ref()).await
        });
        Self {
            task,
            events,
            success: None,
        }
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.task.is_finished()
    }

    /// Waits for the result and reports the events up to there, `id` with each. May be dropped and called
    /// again. `None` if the runtime ended that the operation ran on.
    pub(crate) async fn result(
        &mut self,
        id: Option<&str>,
        observer: &dyn Observer,
    ) -> Option<Result<Response, Error>> {
        while let Some(event) = self.events.recv().await {
            match event {
                Event::Success(sent) => self.success = Some(sent),
                Event::Request(sent, result) => sent.report(id, result.as_ref(), observer),
                Event::Retry {
                    attempt,
                    delay,
                    status,
                    reason,
                } => observer.retry(&RetryEvent {
                    id,
                    attempt,
                    delay,
                    status,
                    reason: &reason,
                }),
                Event::CertificateCheck { host } => {
                    observer.certificate_check(&CertificateCheckEvent { id, host: &host });
                }
            }
        }
        let result = match (&mut self.task).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => return None,
        };
        if let Some(sent) = self.success.take() {
            // What came may still be unusable.
            let response = match &result {
                Ok(response) => Ok(response),
                Err(error) => error.response().ok_or(error),
            };
            sent.report(id, response, observer);
        }
        Some(result)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sent {
    fn report(&self, id: Option<&str>, result: Result<&Response, &Error>, observer: &dyn Observer) {
        observer.request(&RequestEvent {
            id,
            method: &self.method,
            url: &self.url,
            attempt: self.attempt,
            duration: self.duration,
            result,
        });
    }
}

/// Keeps the events.
struct Recorder {
    sender: UnboundedSender<Event>,
}

impl Recorder {
    fn record(&self, event: Event) {
        // Nobody waits any more if the other end is gone.
        _ = self.sender.send(event);
    }
}

impl Observer for Recorder {
    fn request(&self, event: &RequestEvent<'_>) {
        let sent = Sent {
            method: event.method.to_owned(),
            url: event.url.to_owned(),
            attempt: event.attempt,
            duration: event.duration,
        };
        // Of operations, only a success is large, and not copied. A POST fetches a token.
        self.record(match event.result {
            Ok(response) if response.is_success() && event.method != "POST" => Event::Success(sent),
            result => Event::Request(sent, result.cloned().map_err(Clone::clone)),
        });
    }

    fn retry(&self, event: &RetryEvent<'_>) {
        self.record(Event::Retry {
            attempt: event.attempt,
            delay: event.delay,
            status: event.status,
            reason: event.reason.to_owned(),
        });
    }
    fn certificate_check(&self, event: &CertificateCheckEvent<'_>) {
        self.record(Event::CertificateCheck {
            host: event.host.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Hosts(Mutex<Vec<(Option<String>, String)>>);

    impl Observer for Hosts {
        fn certificate_check(&self, event: &CertificateCheckEvent<'_>) {
            let id = event.id.map(str::to_owned);
            self.0.lock().unwrap().push((id, event.host.to_owned()));
        }
    }

    /// Only operating systems other than Linux check certificates, so no test with a tenant sees the event.
    #[tokio::test]
    async fn the_check_of_a_certificate_is_reported_with_the_id() {
        let (sender, events) = unbounded_channel();
        let task = tokio::spawn(async move {
            Recorder { sender }.certificate_check(&CertificateCheckEvent {
                id: None,
                host: "t.test",
            });
            Ok(Response::new(200, Vec::new(), Vec::new()))
        });
        let mut running = Running {
            task,
            events,
            success: None,
        };
        let hosts = Hosts::default();
        running.result(Some("t1"), &hosts).await.unwrap().unwrap();
        let expected = (Some("t1".to_owned()), "t.test".to_owned());
        assert_eq!(*hosts.0.lock().unwrap(), [expected]);
    }
}
