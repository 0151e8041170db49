//! Calls to addresses that users name. A name is resolved here, every address is looked at, and the connection goes to the very address
//! that was looked at; redirects begin anew. Sizes and times are bounded.

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// So many redirects are followed.
const REDIRECTS: usize = 3;
/// So much of an answer is read.
const ANSWER: usize = 64 * 1024;

/// Why a call did not work out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The address is not one to call.
    #[error("{0}")]
    Address(String),
    /// It cannot be reached.
    #[error("cannot be reached: {0}")]
    Reach(String),
    /// It takes too long.
    #[error("did not answer in time")]
    Late,
    /// It answers no.
    #[error("answered {0}")]
    Status(u16),
}

/// Calls out, within bounds.
#[derive(Clone)]
pub struct Outside {
    tls: TlsConnector,
    /// Addresses of this machine and its networks may be called.
    private: bool,
    timeout: Duration,
}

impl Outside {
    /// With the certificates that the system trusts.
    #[must_use]
    pub fn new(private: bool, timeout: Duration) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)), private, timeout }
    }

    /// Whether an address could be called, as far as can be said without asking for its name.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, text: &str) -> Result<Url, NetError> {
        let url = Url::parse(text).map_err(|e| NetError::Address(format!("is no URL: {e}")))?;
        let wrong = |what: &str| Err(NetError::Address(what.to_owned()));
        if !matches!(url.scheme(), "http" | "https") {
            return wrong("must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return wrong("must not hold a user name or password");
        }
        let literal = match url.host() {
            None => return wrong("names no host"),
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
        };
        match literal {
            Some(ip) if !self.may(ip) => wrong("is an address of a private network, which is not called from here"),
            _ => Ok(url),
        }
    }

    fn may(&self, ip: IpAddr) -> bool {
        self.private || is_public(ip)
    }

    /// Posts a body; an answer of 2xx is good.
    ///
    /// # Errors
    /// If it cannot be reached or answers otherwise.
    pub async fn post(&self, text: &str, headers: &[(&str, String)], body: Bytes) -> Result<(), NetError> {
        tokio::time::timeout(self.timeout, self.follow(text, headers, body)).await.map_err(|_| NetError::Late)?
    }

    async fn follow(&self, text: &str, headers: &[(&str, String)], body: Bytes) -> Result<(), NetError> {
        let mut url = self.check(text)?;
        for _ in 0..=REDIRECTS {
            let (status, location) = self.once(&url, headers, body.clone()).await?;
            match (status, location) {
                (status, _) if status.is_success() => return Ok(()),
                (StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT, Some(to)) => {
                    let next = url.join(&to).map_err(|e| NetError::Address(format!("redirects to what is no URL: {e}")))?;
                    url = self.check(next.as_str())?;
                }
                (status, _) => return Err(NetError::Status(status.as_u16())),
            }
        }
        Err(NetError::Address("redirects too often".into()))
    }

    async fn once(&self, url: &Url, headers: &[(&str, String)], body: Bytes) -> Result<(StatusCode, Option<String>), NetError> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let address = self.resolve(&host, port).await?;
        let reach = |e: std::io::Error| NetError::Reach(e.to_string());
        let stream = TcpStream::connect(address).await.map_err(reach)?;
        let mut request = Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery]).header("host", host_header(url));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body)).map_err(|e| NetError::Address(e.to_string()))?;
        if url.scheme() == "https" {
            let name = ServerName::try_from(host).map_err(|e| NetError::Address(e.to_string()))?;
            let stream = self.tls.connect(name, stream).await.map_err(reach)?;
            exchange(stream, request).await
        } else {
            exchange(stream, request).await
        }
    }

    /// The first address of a name that may be called.
    async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, NetError> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await.map_err(|e| NetError::Reach(e.to_string()))?.collect();
        let why = || NetError::Address("its name leads to an address of a private network, which is not called from here".into());
        // One private address among public ones is a trick, not a choice.
        if found.iter().any(|a| !self.may(a.ip())) {
            return Err(why());
        }
        found.first().copied().ok_or_else(|| NetError::Reach("its name has no address".into()))
    }
}

fn host_header(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(StatusCode, Option<String>), NetError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let reach = |e: hyper::Error| NetError::Reach(e.to_string());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(reach)?;
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(reach);
    let result = match answer {
        Ok(answer) => {
            let location = answer.headers().get("location").and_then(|l| l.to_str().ok()).map(str::to_owned);
            let status = answer.status();
            // What it says does not matter, but whoever is cut off may take it for a failure.
            let _ = Limited::new(answer.into_body(), ANSWER).collect().await;
            Ok((status, location))
        }
        Err(e) => Err(e),
    };
    driver.abort();
    result
}

/// Whether an address is of the public network.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation() || ip.is_multicast())
        && a != 0
        && a < 240
        && !(a == 100 && (64..128).contains(&b))
        && !(a == 192 && b == 0 && c == 0)
        && !(a == 192 && b == 88 && c == 99)
        && !(a == 198 && (b == 18 || b == 19))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embedded = |high: u16, low: u16| is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match s {
        [0, 0, 0, 0, 0, 0, ..] => false,
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x64, 0xff9b, ..] => false,
        [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] | [0x100, 0, 0, 0, ..] => false,
        // Only 2000::/3 is given out.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_disguise() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(ip.parse().expect("an address")), "{ip} is not public");
        }
        for ip in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "100.128.0.1"] {
            assert!(is_public(ip.parse().expect("an address")), "{ip} is public");
        }
    }

    #[test]
    fn addresses_are_checked_as_written() {
        let outside = Outside::new(false, Duration::from_secs(1));
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http://user:secret@example.com/",
            "gopher://x",
            "nonsense",
            "http://",
        ] {
            assert!(outside.check(url).is_err(), "{url} is refused");
        }
        assert!(outside.check("https://example.com/hook?x=1").is_ok(), "an address as it should be");
    }

    #[tokio::test]
    async fn names_are_checked_by_what_they_lead_to() {
        let outside = Outside::new(false, Duration::from_secs(2));
        let refused = outside.post("http://localhost:9/", &[], Bytes::new()).await;
        assert!(matches!(refused, Err(NetError::Address(_))), "localhost leads home: {refused:?}");
        let allowed = Outside::new(true, Duration::from_secs(2)).post("http://localhost:9/", &[], Bytes::new()).await;
        assert!(matches!(allowed, Err(NetError::Reach(_))), "allowed, and nobody is there: {allowed:?}");
    }
}
