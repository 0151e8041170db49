//! Files of jobs: by a link that this server gave out, or by who owns the job. Ranges are served; names are from a list.

use crate::dialect::wish_of;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{Job, State as JobState};
use crate::worker::folder_of;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::io::SeekFrom;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, AsyncSeekExt as _, ReadBuf};

/// What may be fetched, and what it is.
fn kind_of(name: &str) -> Option<&'static str> {
    match name {
        "film.mp4" => Some("video/mp4"),
        "film.plan.json" => Some("application/json"),
        "film.srt" => Some("application/x-subrip"),
        "film.vtt" => Some("text/vtt; charset=utf-8"),
        "thumbnail.png" | "spritesheet.png" => Some("image/png"),
        "sound.wav" => Some("audio/wav"),
        "sound.mp3" => Some("audio/mpeg"),
        _ => {
            let number = name.strip_prefix("picture-")?.strip_suffix(".png")?;
            (number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())).then_some("image/png")
        }
    }
}

/// Serves a link.
pub(super) async fn by_link(State(service): State<Arc<Service>>, Path((job, proof, name)): Path<(String, String, String)>, headers: HeaderMap) -> Response {
    let missing = || (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    let Ok(id) = job.parse::<i64>() else { return missing() };
    if !service.secrets.is_link(id, &name, &proof) {
        return missing();
    }
    match service.store.any_job(id).await {
        Ok(Some(job)) if job.deleted => return (StatusCode::GONE, "the file was deleted\n").into_response(),
        Err(_) => return (StatusCode::SERVICE_UNAVAILABLE, "try again\n").into_response(),
        Ok(_) => {}
    }
    serve(&service, id, &name, &headers).await.unwrap_or_else(missing)
}

/// Serves a file of a finished job to its owner.
pub(super) async fn of_job(service: &Service, job: &Job, name: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let id = format!("video_{}", job.id);
    match job.state {
        JobState::Succeeded if job.deleted => Err(Refusal::Gone(id)),
        JobState::Succeeded => serve(service, job.id, name, headers).await.ok_or(Refusal::Gone(id)),
        JobState::Queued | JobState::Running => Err(Refusal::NotReady(format!("{id} is not finished: {} of 100 done", job.progress / 10))),
        JobState::Failed | JobState::Cancelled => {
            Err(Refusal::NotReady(format!("{id} has no film: {}", job.error.as_ref().map(|e| e.1.as_str()).unwrap_or("it failed"))))
        }
    }
}

/// The plan of a job: as it was filmed, or as it would be.
pub(super) async fn plan_of(service: &Service, job: &Job) -> Result<serde_json::Value, Refusal> {
    let path = folder_of(&service.config.films(), job.id).join("film.plan.json");
    if let Ok(text) = tokio::fs::read_to_string(path).await {
        return serde_json::from_str(&text).map_err(|e| Refusal::Internal(e.to_string()));
    }
    if job.state.over() {
        return Err(Refusal::Gone(format!("video_{}", job.id)));
    }
    if job.parent.is_some() {
        return Err(Refusal::NotReady("the plan of a video that goes on from another is there when it is finished".into()));
    }
    let (engine, wish) = (service.engine.clone(), wish_of(job));
    let planned = tokio::task::spawn_blocking(move || engine.plan(&wish, None)).await.map_err(|e| Refusal::Internal(e.to_string()))?;
    match planned {
        Ok((plan, _)) => serde_json::to_value(plan).map_err(|e| Refusal::Internal(e.to_string())),
        Err(crate::engine::Failure::Input(why)) => Err(Refusal::wrong("prompt", why)),
        Err(_) => Err(Refusal::NotNow),
    }
}

async fn serve(service: &Service, job: i64, name: &str, headers: &HeaderMap) -> Option<Response> {
    let kind = kind_of(name)?;
    let mut file = File::open(folder_of(&service.config.films(), job).join(name)).await.ok()?;
    let size = file.metadata().await.ok()?.len();
    let asked = headers.get(header::RANGE).and_then(|r| r.to_str().ok());
    let mut response = match asked.map(|r| range(r, size)) {
        Some(Some((from, to))) => {
            file.seek(SeekFrom::Start(from)).await.ok()?;
            let mut response = (StatusCode::PARTIAL_CONTENT, body(file, to - from + 1)).into_response();
            response.headers_mut().insert(header::CONTENT_RANGE, HeaderValue::from_str(&format!("bytes {from}-{to}/{size}")).ok()?);
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(to - from + 1));
            response
        }
        Some(None) => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            response.headers_mut().insert(header::CONTENT_RANGE, HeaderValue::from_str(&format!("bytes */{size}")).ok()?);
            response
        }
        None => {
            let mut response = body(file, size).into_response();
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size));
            response
        }
    };
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    h.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    Some(response)
}

/// First and last byte of a range; none if it cannot be satisfied. Several ranges are served as the first.
fn range(text: &str, size: u64) -> Option<(u64, u64)> {
    let first = text.strip_prefix("bytes=")?.split(',').next()?.trim();
    let (from, to) = first.split_once('-')?;
    match (from.parse::<u64>().ok(), to.parse::<u64>().ok()) {
        (Some(from), to) if from < size => Some((from, to.unwrap_or(u64::MAX).min(size - 1))).filter(|(a, b)| a <= b),
        (None, Some(last)) if from.is_empty() && last > 0 && size > 0 => Some((size - last.min(size), size - 1)),
        _ => None,
    }
}

fn body(file: File, left: u64) -> Body {
    Body::new(Stretch { file, left })
}

/// A stretch of a file, sent in pieces.
struct Stretch {
    file: File,
    left: u64,
}

const PIECE: usize = 64 * 1024;

impl hyper::body::Body for Stretch {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<hyper::body::Frame<Bytes>, std::io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let want = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut buffer = vec![0; want];
        let mut piece = ReadBuf::new(&mut buffer);
        match Pin::new(&mut self.file).poll_read(context, &mut piece) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(e)) => Poll::Ready(Some(Err(e))),
            Poll::Ready(Ok(())) => {
                let read = piece.filled().len();
                if read == 0 {
                    return Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into())));
                }
                self.left -= read as u64;
                buffer.truncate(read);
                Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from(buffer)))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_within_the_file() {
        assert_eq!(range("bytes=0-9", 100), Some((0, 9)), "the first ten");
        assert_eq!(range("bytes=90-", 100), Some((90, 99)), "to the end");
        assert_eq!(range("bytes=-10", 100), Some((90, 99)), "the last ten");
        assert_eq!(range("bytes=50-1000", 100), Some((50, 99)), "beyond the end");
        for wrong in ["bytes=100-", "bytes=9-3", "bytes=-0", "items=0-1", "bytes=a-b", "bytes=--1", "bytes="] {
            assert_eq!(range(wrong, 100), None, "{wrong}");
        }
    }

    #[test]
    fn only_files_of_the_list_have_names() {
        for name in ["../secret", "secret", "done.json", "picture-10.png", "picture-.png", "parent.plan.json", "film.mp4/..", ""] {
            assert_eq!(kind_of(name), None, "{name}");
        }
        assert_eq!(kind_of("picture-3.png"), Some("image/png"), "a picture");
    }
}
