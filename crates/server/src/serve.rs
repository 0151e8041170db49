//! Listens, with or without TLS, answers, and stops in order: no new calls, those that are underway are answered, jobs are put back.

use crate::http::{Peer, router};
use crate::metrics::log;
use crate::service::{Background, Service};
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// So many connections at once; more wait to be accepted.
const CONNECTIONS: usize = 4096;
/// So long a caller may take to send the head of a call, or stay silent.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// So long calls that are underway have when the service stops.
const GRACE: Duration = Duration::from_secs(10);

/// Certificate chain and key, as PEM files.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The chain, the server's own first.
    pub certificates: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Tls {
    fn acceptor(&self) -> Result<TlsAcceptor, crate::Error> {
        let wrong = |path: &Path, e: &dyn std::fmt::Display| crate::Error::Setting(format!("{}: {e}", path.display()));
        let chain = CertificateDer::pem_file_iter(&self.certificates).and_then(|all| all.collect::<Result<Vec<_>, _>>());
        let chain = chain.map_err(|e| wrong(&self.certificates, &e))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|e| wrong(&self.key, &e))?;
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).map_err(|e| wrong(&self.certificates, &e))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// A service that listens.
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
    background: Background,
    stop: watch::Sender<bool>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Listening {
    /// Stops in order.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.accepting.await;
        self.background.stop().await;
    }
}

/// Starts a service on an address; port 0 takes a free one.
///
/// # Errors
/// If the address or the certificate cannot be used.
pub async fn listen(service: Arc<Service>, address: &str, tls: Option<&Tls>) -> Result<Listening, crate::Error> {
    let failed = |source| crate::Error::Listen { address: address.to_owned(), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let acceptor = tls.map(Tls::acceptor).transpose()?;
    let background = service.start();
    let (stop, told) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, acceptor, router(service), told));
    Ok(Listening { address, background, stop, accepting })
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router, mut stop: watch::Receiver<bool>) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let (stream, peer) = match accepted {
            Ok(both) => both,
            Err(error) => {
                // Out of file handles, mostly: those in use come back.
                log("error", "accepting a connection failed", json!({ "error": error.to_string() }));
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (router, tls, stop) = (router.clone(), tls.clone(), stop.clone());
        tokio::spawn(async move {
            connection(stream, peer, tls, router, stop).await;
            drop(seat);
        });
    }
    drop(listener);
    let all = u32::try_from(CONNECTIONS).unwrap_or(1);
    let _ = tokio::time::timeout(GRACE, seats.acquire_many(all)).await;
}

async fn connection(stream: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>, router: Router, stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, peer, router, stop).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIME, tls.accept(stream)).await {
                http(stream, peer, router, stop).await;
            }
        }
    }
}

async fn http<S>(stream: S, peer: SocketAddr, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(router.layer(axum::Extension(Peer(peer))));
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(64 * 1024);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopping = *stop.borrow();
    if stopping {
        connection.as_mut().graceful_shutdown();
    }
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stop.changed() => connection.as_mut().graceful_shutdown(),
        }
    }
}

/// Waits for Ctrl-C or the signal that ends services.
pub async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Runs something that waits, on a runtime of its own.
///
/// # Errors
/// If the system gives no threads.
pub fn block_on<T>(what: impl Future<Output = T>) -> Result<T, crate::Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| crate::Error::Folder { path: "threads".into(), source })?;
    let result = runtime.block_on(what);
    // A film that does not ask whether to stop must not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(result)
}

/// Makes films until told to stop; what is being made then is put back.
pub async fn work(service: Service, config: crate::worker::WorkerConfig) {
    let (stop, told) = watch::channel(false);
    let working = tokio::spawn(service.worker(config).run(told));
    told_to_stop().await;
    let _ = stop.send(true);
    let _ = working.await;
}
