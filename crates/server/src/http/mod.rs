//! Calls over HTTP. [`endpoints`] is the one table of all of them: the router, the OpenAPI document, the documentation page and the tests are
//! made from it. Every call goes the same way: request id, who calls, how often, body by its table, handler, answer in the interface's envelope.

mod calls;
mod files;
mod table;

pub use table::{Endpoint, endpoints};

use crate::form::{Form, read_query};
use crate::metrics::log;
use crate::refusal::{Dialect, Refusal};
use crate::service::Service;
use crate::store::Account;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most bytes of a body: a plan of a long film has a few hundred thousand.
pub(crate) const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// So long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A call that is ready for its handler.
pub(crate) struct Call {
    pub(crate) service: Arc<Service>,
    pub(crate) account: Account,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) params: HashMap<String, String>,
    pub(crate) query: Form,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Map<String, Value>,
}

/// What a handler answers.
pub(crate) enum Reply {
    /// In the interface's envelope.
    Data(Value),
    /// As it is.
    Whole(Response),
}

pub(crate) type Answer = Result<Reply, Refusal>;
pub(crate) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

/// All calls of a service.
pub fn router(service: Arc<Service>) -> Router {
    let mut paths: Vec<&'static str> = Vec::new();
    let mut router = Router::new();
    for endpoint in endpoints() {
        if !paths.contains(&endpoint.path) {
            paths.push(endpoint.path);
        }
    }
    for path in paths {
        let mut methods: MethodRouter<Arc<Service>> = MethodRouter::new();
        for endpoint in endpoints().iter().copied().filter(|e| e.path == path) {
            let handle = move |state: State<Arc<Service>>, params: RawPathParams, request: Request| answer(endpoint, state.0, params, request);
            methods = methods.merge(on(filter(endpoint.method), handle));
        }
        router = router.route(path, methods.fallback(no_call));
    }
    router
        .route("/files/{job}/{proof}/{name}", get(files::by_link))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(|State(s): State<Arc<Service>>| async move { axum::Json(crate::openapi::document(&s.links.base)) }))
        .route("/docs", get(|| async { page(crate::openapi::page()) }))
        .route("/", get(|| async { page(crate::openapi::page()) }))
        .fallback(no_call)
        .with_state(service)
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

fn page(html: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)], html).into_response()
}

/// A call's own id, or the caller's if it is a tame one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|v| v.to_str().ok());
    let tame = |id: &&str| !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    given.filter(tame).map_or_else(
        || {
            let b: [u8; 16] = crate::clock::random();
            let hex = b.iter().map(|b| format!("{b:02x}")).collect::<String>();
            format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
        },
        str::to_owned,
    )
}

async fn answer(endpoint: &'static Endpoint, service: Arc<Service>, params: RawPathParams, request: Request) -> Response {
    let (begun, id) = (Instant::now(), request_id(request.headers()));
    let params = params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let mut account = None;
    let result = handle(endpoint, service.clone(), params, request, &mut account).await;
    let mut refused = None;
    let mut response = match result {
        Ok(Reply::Whole(response)) => response,
        Ok(Reply::Data(data)) => envelope(endpoint.dialect, &id, data),
        Err(refusal) => {
            let response = refuse(endpoint.dialect, &id, &refusal);
            refused = Some(refusal);
            response
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let took = begun.elapsed();
    service.metrics.call(endpoint.path, response.status().as_u16(), took);
    // What went wrong inside is in the log, never in an answer.
    if let Some(Refusal::Internal(why)) = &refused {
        log("error", "internal error", json!({ "request": id, "route": endpoint.path, "error": why }));
    }
    if service.config.log_calls {
        let why = refused.as_ref().filter(|r| !matches!(r, Refusal::Internal(_))).map(|r| r.codes().3);
        let (status, ms) = (response.status().as_u16(), took.as_secs_f64() * 1000.0);
        log(
            "info",
            "call",
            json!({ "request": id, "method": endpoint.method, "route": endpoint.path, "status": status, "ms": ms, "account": account, "refused": why }),
        );
    }
    response
}

async fn handle(endpoint: &'static Endpoint, service: Arc<Service>, params: HashMap<String, String>, request: Request, who: &mut Option<i64>) -> Answer {
    let header = request.headers().get(header::AUTHORIZATION).map(|h| h.to_str().unwrap_or("?"));
    if service.config.single {
        at_home(request.headers(), &service.config.base)?;
    }
    let account = service.caller(header).await?;
    *who = Some(account.id);
    service.rate(&account, endpoint.creates)?;
    let query = request.uri().query().unwrap_or_default();
    let query = read_query(endpoint.query, url::form_urlencoded::parse(query.as_bytes()).into_owned())?;
    let headers = request.headers().clone();
    let body = if endpoint.method == "POST" { body_of(request).await? } else { Map::new() };
    (endpoint.handler)(Call { service, account, endpoint, params, query, headers, body }).await
}

/// Without keys, nobody may speak to us through a browser of this machine: neither a page of another site, nor a name of
/// another's that was made to lead here.
fn at_home(headers: &HeaderMap, base: &str) -> Result<(), Refusal> {
    let named = |url: &str| url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned));
    let ours = named(base);
    let home = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]") || ours.as_deref() == Some(host);
    let text = |name: header::HeaderName| headers.get(name).map(|h| h.to_str().unwrap_or("?").to_owned());
    let host = text(header::HOST).is_none_or(|h| named(&format!("http://{h}/")).is_some_and(|h| home(&h)));
    let origin = text(header::ORIGIN).is_none_or(|o| named(&o).is_some_and(|h| home(&h)));
    if host && origin { Ok(()) } else { Err(Refusal::Foreign) }
}

/// The fields of a body: JSON, or a form of either kind.
async fn body_of(request: Request) -> Result<Map<String, Value>, Refusal> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|h| h.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, LARGEST_BODY).collect()).await;
    let bytes = match collected {
        Err(_) => return Err(Refusal::Body("it did not arrive in time".into())),
        Ok(Err(e)) if e.downcast_ref::<LengthLimitError>().is_some() => return Err(Refusal::TooLarge(LARGEST_BODY)),
        Ok(Err(_)) => return Err(Refusal::Body("it was cut off".into())),
        Ok(Ok(bytes)) => bytes.to_bytes(),
    };
    if kind.starts_with("multipart/form-data") {
        return multipart(Request::from_parts(parts, Body::from(bytes))).await;
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(url::form_urlencoded::parse(&bytes).map(|(k, v)| (k.into_owned(), Value::String(v.into_owned()))).collect());
    }
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Refusal::Body("it must be a JSON object".into())),
        Err(e) => Err(Refusal::Body(format!("it is not JSON: {e}"))),
    }
}

async fn multipart(request: Request) -> Result<Map<String, Value>, Refusal> {
    let wrong = |e: &dyn std::fmt::Display| Refusal::Body(e.to_string());
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| wrong(&e))?;
    let mut map = Map::new();
    while let Some(field) = form.next_field().await.map_err(|e| wrong(&e.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(|e| wrong(&e.body_text()))?;
        // A file counts as given; what is in it does not matter to who refuses it.
        let value = if file { "(file)".to_owned() } else { String::from_utf8(bytes.to_vec()).map_err(|_| wrong(&format!("{name} is not UTF-8")))? };
        map.insert(name, Value::String(value));
    }
    Ok(map)
}

fn envelope(dialect: Dialect, request: &str, data: Value) -> Response {
    match dialect {
        Dialect::Videos => axum::Json(data).into_response(),
        Dialect::Legacy | Dialect::New => axum::Json(json!({ "code": 0, "message": "SUCCEED", "request_id": request, "data": data })).into_response(),
    }
}

fn refuse(dialect: Dialect, request: &str, refusal: &Refusal) -> Response {
    let mut response = (refusal.status(dialect), axum::Json(refusal.body(dialect, request))).into_response();
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

async fn no_call(method: Method, State(service): State<Arc<Service>>, request: Request) -> Response {
    let (id, path) = (request_id(request.headers()), request.uri().path());
    let shown: String = path.chars().take(100).collect();
    service.metrics.call("(none)", 404, Duration::ZERO);
    let mut words = path.split('/').skip(1);
    let dialect = match (words.next(), words.next(), words.next()) {
        (Some("v1"), Some("videos"), None) => Dialect::Videos,
        (Some("v1"), Some("videos"), Some(id)) if id.starts_with("video_") => Dialect::Videos,
        _ => Dialect::Legacy,
    };
    refuse(dialect, &id, &Refusal::NoCall(format!("{method} {shown}")))
}

async fn ready(State(service): State<Arc<Service>>) -> Response {
    let room = service.room();
    match (tokio::time::timeout(Duration::from_secs(3), service.store.ready()).await, room) {
        (Ok(Ok(())), Ok(())) => "ready\n".into_response(),
        (Ok(Ok(())), Err(_)) => (StatusCode::SERVICE_UNAVAILABLE, "the disk is full\n").into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be written\n").into_response(),
    }
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// For the operator: with the token, or from this machine itself and not through a proxy.
async fn metrics(State(service): State<Arc<Service>>, request: Request) -> Response {
    use subtle::ConstantTimeEq as _;
    let headers = request.headers();
    let given = headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok()).and_then(|h| h.strip_prefix("Bearer ")).unwrap_or_default();
    let allowed = match &service.config.metrics_token {
        Some(token) => bool::from(token.as_bytes().ct_eq(given.as_bytes())),
        None => {
            let near = request.extensions().get::<Peer>().is_none_or(|p| p.0.ip().is_loopback());
            near && !headers.contains_key("forwarded") && !headers.contains_key("x-forwarded-for")
        }
    };
    if !allowed {
        return (StatusCode::FORBIDDEN, "give the operator's token\n").into_response();
    }
    let load = service.store.load().await.unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], service.metrics.text(&load, service.used())).into_response()
}
