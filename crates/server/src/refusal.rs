//! Every way to say no: a type with its status, its code and its sentence in each interface's own words.

use crate::money::Credits;
use crate::store::{Refused, StoreError};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Which interface a call came by; it decides the words of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `/v1/...` with an envelope and numeric codes.
    Legacy,
    /// Model in the path, `/tasks`.
    New,
    /// `/v1/videos` and its children.
    Videos,
}

impl Dialect {
    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::New => "new",
            Self::Videos => "videos",
        }
    }
    /// By its name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "new" => Self::New,
            "videos" => Self::Videos,
            _ => Self::Legacy,
        }
    }
}

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No key was given.
    #[error("Authorization is empty; send \"Authorization: Bearer KEY\"")]
    NoKey,
    /// The key or token is not good.
    #[error("Authorization is invalid: {0}")]
    BadKey(&'static str),
    /// The token is not valid yet.
    #[error("Authorization is not valid yet: its nbf lies ahead; check the clock")]
    EarlyKey,
    /// The token is not valid any more.
    #[error("Authorization has expired; make a new token")]
    LateKey,
    /// A page of another site, or a name that is not this machine's, speaks to a service that asks for no key.
    #[error("this service asks for no key, so it answers only this machine itself; start it with --accounts for others")]
    Foreign,
    /// The account is closed.
    #[error("the account is closed; ask its administrator")]
    Closed,
    /// The plan does not allow it.
    #[error("{0}")]
    NotInPlan(String),
    /// Too many calls a second.
    #[error("too many requests; at most {0} a second")]
    TooFast(u32),
    /// Too many tasks at once.
    #[error("parallel task over resource pack limit: at most {0} at once")]
    Slots(i64),
    /// Not enough credits.
    #[error("Account balance not enough: it costs {price} credits, and there are {there}")]
    Credits {
        /// What it costs.
        price: Credits,
        /// What there is.
        there: Credits,
    },
    /// A value is wrong.
    #[error("{field}: {what}")]
    Wrong {
        /// Which.
        field: String,
        /// What is allowed.
        what: String,
    },
    /// Something that the engine cannot take yet.
    #[error("{field}: {why}")]
    Unsupported {
        /// Field or call.
        field: String,
        /// Why not.
        why: String,
    },
    /// The caller's own id was used before.
    #[error("external_task_id: is taken by task {0}; ids are unique in an account")]
    Taken(i64),
    /// The body cannot be read.
    #[error("the body cannot be read: {0}")]
    Body(String),
    /// The body is too large.
    #[error("the body is too large; at most {0} bytes")]
    TooLarge(usize),
    /// There is no such model.
    #[error("The model '{0}' does not exist")]
    NoModel(String),
    /// There is no such thing.
    #[error("{what} {id} does not exist")]
    NotThere {
        /// Task, video, file ...
        what: &'static str,
        /// Which.
        id: String,
    },
    /// There is no such call.
    #[error("there is no {0}; /docs lists what there is")]
    NoCall(String),
    /// It is not finished.
    #[error("{0}")]
    NotReady(String),
    /// Its files are gone.
    #[error("the files of {0} are gone: they were deleted, or kept as long as this server keeps them")]
    Gone(String),
    /// Too much is waiting.
    #[error("too many tasks are waiting; try again in a minute")]
    Backlog,
    /// The disk is full.
    #[error("there is no room on the disk; the operator was told")]
    NoRoom,
    /// The service stops or the disk is behind.
    #[error("the service cannot take this now; try again in a second")]
    NotNow,
    /// Our own fault. What it was is in the log, not in the answer.
    #[error("internal error; the request id names it in the log")]
    Internal(String),
}

impl Refusal {
    /// A value that is wrong.
    pub fn wrong(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Wrong { field: field.into(), what: what.into() }
    }

    /// The status that an interface answers with: in the older and the newer one the maker's table has one for each code.
    #[must_use]
    pub fn status(&self, dialect: Dialect) -> StatusCode {
        use StatusCode as S;
        let (status, code, ..) = self.codes();
        match code {
            _ if dialect == Dialect::Videos => status,
            1000..=1004 => S::UNAUTHORIZED,
            1103 => S::FORBIDDEN,
            1100..=1102 | 1302..=1304 => S::TOO_MANY_REQUESTS,
            1202 | 1203 => S::NOT_FOUND,
            1200..=1301 => S::BAD_REQUEST,
            5001 => S::SERVICE_UNAVAILABLE,
            5002 => S::GATEWAY_TIMEOUT,
            _ => S::INTERNAL_SERVER_ERROR,
        }
    }

    /// Status in `/v1/videos`, numeric code of the maker's table, and type and code for `/v1/videos`.
    #[must_use]
    pub fn codes(&self) -> (StatusCode, u32, &'static str, &'static str) {
        use StatusCode as S;
        let invalid = "invalid_request_error";
        match self {
            Self::NoKey => (S::UNAUTHORIZED, 1001, "authentication_error", "missing_api_key"),
            Self::BadKey(_) => (S::UNAUTHORIZED, 1002, "authentication_error", "invalid_api_key"),
            Self::EarlyKey => (S::UNAUTHORIZED, 1003, "authentication_error", "token_not_yet_valid"),
            Self::LateKey => (S::UNAUTHORIZED, 1004, "authentication_error", "token_expired"),
            Self::Foreign => (S::FORBIDDEN, 1304, "permission_error", "foreign_origin"),
            Self::Closed => (S::TOO_MANY_REQUESTS, 1100, "permission_error", "account_closed"),
            Self::NotInPlan(_) => (S::FORBIDDEN, 1103, "permission_error", "not_in_plan"),
            Self::TooFast(_) => (S::TOO_MANY_REQUESTS, 1302, "rate_limit_error", "rate_limit_exceeded"),
            Self::Slots(_) => (S::TOO_MANY_REQUESTS, 1303, "rate_limit_error", "concurrency_limit_exceeded"),
            Self::Credits { .. } => (S::TOO_MANY_REQUESTS, 1102, "insufficient_quota", "insufficient_quota"),
            Self::Wrong { .. } => (S::BAD_REQUEST, 1201, invalid, "invalid_value"),
            Self::Unsupported { .. } => (S::BAD_REQUEST, 1201, invalid, "unsupported_input"),
            Self::Taken(_) => (S::BAD_REQUEST, 1201, invalid, "duplicate_id"),
            Self::Body(_) => (S::BAD_REQUEST, 1200, invalid, "invalid_body"),
            Self::TooLarge(_) => (S::PAYLOAD_TOO_LARGE, 1200, invalid, "body_too_large"),
            Self::NoModel(_) => (S::NOT_FOUND, 1203, invalid, "model_not_found"),
            Self::NotThere { .. } => (S::NOT_FOUND, 1203, invalid, "not_found"),
            Self::NoCall(_) => (S::NOT_FOUND, 1202, invalid, "unknown_url"),
            Self::NotReady(_) => (S::CONFLICT, 1201, invalid, "not_ready"),
            Self::Gone(_) => (S::GONE, 1203, invalid, "gone"),
            Self::Backlog => (S::SERVICE_UNAVAILABLE, 5002, "server_error", "overloaded"),
            Self::NoRoom | Self::NotNow => (S::SERVICE_UNAVAILABLE, 5001, "server_error", "overloaded"),
            Self::Internal(_) => (S::INTERNAL_SERVER_ERROR, 5000, "server_error", "internal_error"),
        }
    }

    /// Seconds after which to try again, where that helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooFast(_) | Self::NotNow => Some(1),
            Self::Slots(_) => Some(5),
            Self::Backlog | Self::NoRoom => Some(60),
            _ => None,
        }
    }

    /// The body of the answer in the words of an interface.
    #[must_use]
    pub fn body(&self, dialect: Dialect, request: &str) -> Value {
        let (_, code, kind, word) = self.codes();
        match dialect {
            Dialect::Legacy | Dialect::New => json!({ "code": code, "message": self.to_string(), "request_id": request }),
            Dialect::Videos => {
                let param = match self {
                    Self::Wrong { field, .. } | Self::Unsupported { field, .. } => Value::from(field.as_str()),
                    _ => Value::Null,
                };
                json!({ "error": { "message": self.to_string(), "type": kind, "param": param, "code": word } })
            }
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::NotNow,
            StoreError::Full => Self::NoRoom,
            StoreError::Database(why) => Self::Internal(why),
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Credits { price, there } => Self::Credits { price, there },
            Refused::Slots { limit } => Self::Slots(limit),
            Refused::Taken(id) => Self::Taken(id),
            Refused::Backlog => Self::Backlog,
            Refused::Closed => Self::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The maker's table: HTTP status, then its codes.
    const TABLE: &[(u16, &[u32])] = &[
        (401, &[1000, 1001, 1002, 1003, 1004]),
        (429, &[1100, 1101, 1102, 1302, 1303, 1304]),
        (403, &[1103]),
        (400, &[1200, 1201, 1300, 1301]),
        (404, &[1202, 1203]),
        (500, &[5000]),
        (503, &[5001]),
        (504, &[5002]),
    ];

    fn all() -> Vec<Refusal> {
        use Refusal as R;
        let none = || String::from("x");
        vec![
            R::NoKey,
            R::BadKey("x"),
            R::EarlyKey,
            R::LateKey,
            R::Foreign,
            R::Closed,
            R::NotInPlan(none()),
            R::TooFast(1),
            R::Slots(1),
            R::Credits { price: Credits(1), there: Credits(0) },
            R::wrong("a", "b"),
            R::Unsupported { field: none(), why: none() },
            R::Taken(1),
            R::Body(none()),
            R::TooLarge(1),
            R::NoModel(none()),
            R::NotThere { what: "task", id: none() },
            R::NoCall(none()),
            R::NotReady(none()),
            R::Gone(none()),
            R::Backlog,
            R::NoRoom,
            R::NotNow,
            R::Internal(none()),
        ]
    }

    #[test]
    fn codes_have_the_statuses_of_the_makers_table() {
        for refusal in all() {
            let code = refusal.codes().1;
            let (status, _) = TABLE.iter().find(|row| row.1.contains(&code)).unwrap_or_else(|| panic!("{code} is in no row"));
            for dialect in [Dialect::Legacy, Dialect::New] {
                assert_eq!(refusal.status(dialect).as_u16(), *status, "{refusal:?}");
                let body = refusal.body(dialect, "r");
                assert_eq!((&body["code"], &body["request_id"], body.get("data")), (&json!(code), &json!("r"), None), "{body}");
            }
            let body = refusal.body(Dialect::Videos, "r");
            assert!(body["error"]["message"].is_string() && body["error"]["type"].is_string(), "{body}");
        }
    }

    #[test]
    fn what_is_inside_stays_inside() {
        let text = Refusal::Internal("/home/secret/kinora.db is locked".into());
        for dialect in [Dialect::Legacy, Dialect::New, Dialect::Videos] {
            assert!(!text.body(dialect, "r").to_string().contains("kinora.db"), "{dialect:?}");
        }
    }
}
