//! Accepts connections and serves each; owns them, so that a fault decides how they end.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{
    api, control,
    exchange::{Outcome, exchange},
    fault::{Action, Operation},
    sandbox::Shared,
};

/// Accepts connections until the runtime ends.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let tenant = api::router(shared.clone());
    let control = control::router(shared.clone());
    let connections = AtomicU64::new(0);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: wait for some to be closed.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let number = connections.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::spawn(connection(
            stream,
            number,
            shared.clone(),
            tenant.clone(),
            control.clone(),
        ));
    }
}

async fn connection(
    stream: TcpStream,
    number: u64,
    shared: Arc<Shared>,
    tenant: Router,
    control: Router,
) {
    let fault = shared
        .faults
        .lock()
        .strike(Operation::Connection, "", &mut shared.chance.lock());
    if let Some((delay, action)) = fault {
        sleep(Duration::from_millis(delay)).await;
        match action {
            Action::Pass => {}
            Action::Hang => std::future::pending().await,
            Action::Reset => return reset(stream),
            _ => return,
        }
    }
    _ = stream.set_nodelay(true);
    speak(stream, number, shared, tenant, control).await;
}

/// Speaks HTTP/1.1 on a connection until it or a fault ends it.
async fn speak(
    stream: TcpStream,
    number: u64,
    shared: Arc<Shared>,
    tenant: Router,
    control: Router,
) {
    let end = Arc::new(Mutex::new(None));
    let service = service_fn(|request: Request<Incoming>| {
        let (shared, tenant, control, end) =
            (shared.clone(), tenant.clone(), control.clone(), end.clone());
        Box::pin(async move {
            match exchange(&shared, tenant, control, number, request).await {
                Outcome::Answer(response) => Ok(response),
                outcome => {
                    *end.lock() = Some(outcome);
                    // Makes hyper give the connection back, with nothing sent.
                    Err(io::Error::other("ended by a fault"))
                }
            }
        })
    });
    let mut served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    _ = (&mut served).await;
    let mut stream = served.into_parts().io.into_inner();
    let end = end.lock().take();
    match end {
        Some(Outcome::Close(bytes)) => {
            _ = stream.write_all(&bytes).await;
            _ = stream.shutdown().await;
        }
        Some(Outcome::Reset) => reset(stream),
        Some(Outcome::Answer(_)) | None => {}
    }
}

fn reset(stream: TcpStream) {
    _ = stream.set_zero_linger();
}
