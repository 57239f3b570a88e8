//! Accepts connections and serves them. Owns the sockets, so that a fault can decide how each one ends.

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
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    api, control,
    exchange::{Outcome, exchange},
    fault::{Action, Operation},
    shared::Shared,
};

/// Accepts connections until the runtime ends.
pub(crate) async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let site = Site {
        tenant: api::router(shared.clone()),
        control: control::router(shared.clone()),
        shared,
        tls,
    };
    let connections = AtomicU64::new(0);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely out of file handles: wait until some are closed.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let number = connections.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::spawn(site.clone().connection(stream, number));
    }
}

/// Everything needed to serve a connection.
#[derive(Clone)]
struct Site {
    tenant: Router,
    control: Router,
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
}

impl Site {
    async fn connection(self, mut stream: TcpStream, number: u64) {
        let fault = self.shared.faults.lock().strike(
            Operation::Connection,
            "",
            &mut self.shared.chance.lock(),
        );
        if let Some((delay, action)) = fault {
            sleep(Duration::from_millis(delay)).await;
            match action {
                Action::Pass => {}
                Action::Hang => std::future::pending().await,
                Action::Raw(bytes) => return close(&mut stream, bytes.bytes()).await,
                Action::Reset => return reset(&stream),
                _ => return,
            }
        }
        _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.serve_http(stream, number).await,
            Some(tls) => {
                // A client that rejects the certificate closes the connection here.
                if let Ok(stream) = tls.accept(stream).await {
                    self.serve_http(stream, number).await;
                }
            }
        }
    }

    /// Serves HTTP/1.1 on a connection until the client or a fault ends it.
    async fn serve_http(&self, stream: impl Wire, number: u64) {
        let end = Arc::new(Mutex::new(None));
        let service = service_fn(|request: Request<Incoming>| {
            let (site, end) = (self.clone(), end.clone());
            Box::pin(async move {
                match exchange(&site.shared, site.tenant, site.control, number, request).await {
                    Outcome::Response(response) => Ok(response),
                    outcome => {
                        *end.lock() = Some(outcome);
                        // Makes hyper hand the connection back without sending anything.
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
            Some(Outcome::Close(bytes)) => close(&mut stream, &bytes).await,
            Some(Outcome::Reset) => reset(stream.tcp()),
            Some(Outcome::Response(_)) | None => {}
        }
    }
}

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Sends these bytes and closes the connection.
async fn close(stream: &mut impl Wire, last: &[u8]) {
    _ = stream.write_all(last).await;
    _ = stream.shutdown().await;
}

/// Makes the stream end with RST instead of FIN when it is dropped.
fn reset(stream: &TcpStream) {
    _ = stream.set_zero_linger();
}
