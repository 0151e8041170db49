//! The table of all calls.

use super::{Handler, calls};
use crate::dialect::{legacy, new, videos};
use crate::form::{Effect, Field, Kind, NO_PICTURES};
use crate::refusal::Dialect;

/// A call.
pub struct Endpoint {
    /// GET, POST or DELETE.
    pub method: &'static str,
    /// With `{id}` for what varies.
    pub path: &'static str,
    /// In whose words it answers.
    pub dialect: Dialect,
    /// Its fields, if it has a body.
    pub fields: &'static [Field],
    /// Fields and parameters that must be there.
    pub required: &'static [&'static str],
    /// Parameters of the query.
    pub query: &'static [Field],
    /// Kinds of tasks that it is about.
    pub products: &'static [&'static str],
    /// Counts against the rate of creating calls.
    pub creates: bool,
    /// Why it is refused, if it is.
    pub refused: Option<&'static str>,
    /// For people.
    pub doc: &'static str,
    pub(crate) handler: Handler,
}

/// Kinds of tasks that are films.
pub(super) const FILMS: &[&str] = &["videos", "text2video", "omni-video", "video-extend", "text-to-video"];

const fn page(name: &'static str, kind: Kind, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Task, doc, sample }
}

/// `POST /account/billing/...`.
pub(super) const LEDGER: &[Field] = &[
    page("start_time", Kind::Whole(0, i64::MAX), "Milliseconds since 1970, from then on.", "1"),
    page("end_time", Kind::Whole(0, i64::MAX), "Milliseconds since 1970, before then.", "1"),
    page("cursor", Kind::Whole(0, i64::MAX), "next_cursor of the answer before.", "\"1\""),
    page("limit", Kind::Whole(1, 500), "At most so many; 100 if not given.", "1"),
];

const QUOTE: Field = page("quote", Kind::Flag, "true: only say what it costs; nothing is made or charged.", "true");
const PAGE: Field = page("pageNum", Kind::Whole(1, 1000), "Which page.", "2");
const PAGES: &[Field] = &[PAGE, page("pageSize", Kind::Whole(1, 500), "How many on a page; 30 if not given.", "2")];
const TIME: Kind = Kind::Whole(0, i64::MAX);

const fn endpoint(method: &'static str, path: &'static str, dialect: Dialect, doc: &'static str, handler: Handler) -> Endpoint {
    Endpoint { method, path, dialect, fields: &[], required: &[], query: &[], products: &[], creates: false, refused: None, doc, handler }
}
const fn no(method: &'static str, path: &'static str, dialect: Dialect) -> Endpoint {
    Endpoint { refused: Some(NO_PICTURES), ..endpoint(method, path, dialect, "Not possible yet.", calls::refused) }
}
const fn create(
    path: &'static str,
    dialect: Dialect,
    fields: &'static [Field],
    required: &'static [&'static str],
    doc: &'static str,
    handler: Handler,
) -> Endpoint {
    Endpoint { fields, required, query: &[QUOTE], creates: true, ..endpoint("POST", path, dialect, doc, handler) }
}

/// An older product: create, query, list, and of our own cancel and plan.
macro_rules! product {
    ($path:literal, $name:literal, $fields:expr, $required:expr, $doc:literal, $handler:expr) => {
        [
            Endpoint { products: &[$name], ..create($path, Dialect::Legacy, $fields, $required, $doc, $handler) },
            Endpoint { products: &[$name], ..endpoint("GET", concat!($path, "/{id}"), Dialect::Legacy, "A task, by its number or your own id.", calls::query) },
            Endpoint { products: &[$name], query: PAGES, ..endpoint("GET", $path, Dialect::Legacy, "Tasks, newest first.", calls::list) },
            Endpoint {
                products: &[$name],
                ..endpoint("POST", concat!($path, "/{id}/cancel"), Dialect::Legacy, "Stops a task; nothing is charged.", calls::cancel)
            },
            Endpoint { products: &[$name], ..endpoint("GET", concat!($path, "/{id}/plan"), Dialect::Legacy, "The film as a plan.", calls::plan) },
        ]
    };
}

static PRODUCTS: [[Endpoint; 5]; 5] = [
    product!("/v1/videos/text2video", "text2video", legacy::TEXT2VIDEO, &[], "A film from words.", calls::film),
    product!("/v1/videos/omni-video", "omni-video", legacy::OMNI, &[], "A film from words, by the omni models.", calls::film),
    product!("/v1/videos/video-extend", "video-extend", legacy::EXTEND, &["video_id"], "Makes a film 5 s longer.", calls::extend),
    product!("/v1/audio/text-to-audio", "text-to-audio", legacy::SOUND, &["prompt", "duration"], "A sound from words.", calls::sound),
    product!("/v1/images/generations", "images", legacy::PICTURES, &["prompt"], "Pictures from words.", calls::pictures),
];

/// An older product that needs pictures, videos or recordings: create, query and list are refused.
macro_rules! not_yet {
    ($($path:literal),+ $(,)?) => {
        [$([no("POST", $path, Dialect::Legacy), no("GET", concat!($path, "/{id}"), Dialect::Legacy), no("GET", $path, Dialect::Legacy)]),+]
    };
}

static LATER: [[Endpoint; 3]; 16] = not_yet![
    "/v1/videos/image2video",
    "/v1/videos/multi-image2video",
    "/v1/videos/motion-control",
    "/v1/videos/lip-sync",
    "/v1/videos/advanced-lip-sync",
    "/v1/videos/avatar/image2video",
    "/v1/videos/effects",
    "/v1/videos/multi-elements",
    "/v1/audio/video-to-audio",
    "/v1/general/custom-voices",
    "/v1/general/advanced-custom-elements",
    "/v1/general/ai-multi-shot",
    "/v1/images/omni-image",
    "/v1/images/multi-image2image",
    "/v1/images/editing/expand",
    "/v1/images/kolors-virtual-try-on",
];

use Dialect::{Legacy, New, Videos};

static OTHERS: &[Endpoint] = &[
    Endpoint {
        fields: legacy::SPEECH,
        required: &["text"],
        creates: true,
        ..endpoint("POST", "/v1/audio/tts", Legacy, "Says something, at once.", calls::speech)
    },
    Endpoint {
        query: &[PAGE, page("pageSize", Kind::Whole(1, 1000), "How many on a page; 30 if not given.", "2")],
        ..endpoint("GET", "/v1/general/presets-voices", Legacy, "Voices that can be asked for.", calls::voices)
    },
    Endpoint {
        query: &[
            page("start_time", TIME, "Milliseconds since 1970.", "1"),
            page("end_time", TIME, "Milliseconds since 1970.", "1"),
            page("resource_pack_name", Kind::Text(200), "Only this one.", "\"Credits\""),
        ],
        required: &["start_time", "end_time"],
        ..endpoint("GET", "/account/costs", Legacy, "What there is, as packs of units (1 unit = 10 credits).", calls::costs)
    },
    Endpoint { fields: LEDGER, ..endpoint("POST", "/account/billing/package", Legacy, "Deductions of units, by task.", calls::package_ledger) },
    Endpoint {
        fields: LEDGER,
        ..endpoint("POST", "/account/billing/balance", Legacy, "Deductions of money: none, everything is paid in units.", calls::cash_ledger)
    },
    create("/text-to-video/{model}", New, new::TEXT_TO_VIDEO, &[], "A film from words.", calls::new_film),
    create("/omni-video/{model}", New, new::OMNI_VIDEO, &[], "A film from words, by the omni models.", calls::new_film),
    Endpoint {
        query: &[
            page("task_ids", Kind::Text(2500), "Numbers, separated by commas.", "\"1\""),
            page("external_task_ids", Kind::Text(2500), "Your own ids, separated by commas.", "\"mine-1\""),
        ],
        ..endpoint("GET", "/tasks", New, "Tasks by their ids; unknown ones are left out.", calls::tasks_by_id)
    },
    Endpoint { fields: new::TASKS, ..endpoint("POST", "/tasks", New, "Tasks, newest first.", calls::tasks) },
    endpoint("POST", "/tasks/{id}/cancel", New, "Stops a task; nothing is charged.", calls::cancel),
    endpoint("GET", "/tasks/{id}/plan", New, "The film as a plan.", calls::plan),
    create("/v1/videos", Videos, videos::CREATE, &[], "A film from words. JSON or a multipart form.", calls::video),
    Endpoint {
        query: &[
            page("after", Kind::Text(60), "Only after this id.", "\"video_1\""),
            page("limit", Kind::Whole(1, 100), "At most so many; 20 if not given.", "1"),
            page("order", Kind::Word(&["asc", "desc"]), "Newest first (desc, if not given) or last.", "\"asc\""),
        ],
        ..endpoint("GET", "/v1/videos", Videos, "Videos of this interface.", calls::videos_list)
    },
    create("/v1/videos/extensions", Videos, videos::EXTEND, &["prompt", "video"], "Makes a film longer.", calls::extension),
    endpoint("GET", "/v1/videos/{id}", Videos, "A video; films of the other interfaces too.", calls::query),
    endpoint("DELETE", "/v1/videos/{id}", Videos, "Deletes a video; one that is not finished is stopped, and not charged.", calls::video_delete),
    Endpoint {
        query: &[page("variant", Kind::Word(&["video", "thumbnail", "spritesheet", "subtitles"]), "Which file; video if not given.", "\"thumbnail\"")],
        ..endpoint("GET", "/v1/videos/{id}/content", Videos, "The bytes of a video; ranges are served.", calls::content)
    },
    create("/v1/videos/{id}/remix", Videos, videos::REMIX, &["prompt"], "Other words for the same size, length and seed.", calls::remix),
    endpoint("POST", "/v1/videos/{id}/cancel", Videos, "Stops a video; nothing is charged.", calls::cancel),
    endpoint("GET", "/v1/videos/{id}/plan", Videos, "The film as a plan, which the field `plan` takes again.", calls::plan),
    endpoint("GET", "/v1/models", Videos, "Model versions: what they allow and cost.", calls::models),
    endpoint("GET", "/v1/account", Videos, "Plan, credits and limits of the caller, and the secret of its callbacks.", calls::account),
    // What needs pictures, videos or recordings and is answered at once.
    no("POST", "/v1/videos/identify-face", Legacy),
    no("POST", "/v1/videos/multi-elements/init-selection", Legacy),
    no("POST", "/v1/videos/multi-elements/add-selection", Legacy),
    no("POST", "/v1/videos/multi-elements/delete-selection", Legacy),
    no("POST", "/v1/videos/multi-elements/clear-selection", Legacy),
    no("POST", "/v1/videos/multi-elements/preview-selection", Legacy),
    no("POST", "/v1/videos/image-recognize", Legacy),
    no("POST", "/v1/general/delete-voices", Legacy),
    no("GET", "/v1/general/advanced-presets-elements", Legacy),
    no("POST", "/v1/general/delete-advanced-elements", Legacy),
    no("POST", "/v1/general/delete-elements", Legacy),
    no("POST", "/image-to-video/{model}", New),
    no("POST", "/motion-control/{model}", New),
    no("POST", "/v1/videos/edits", Videos),
    no("POST", "/v1/videos/characters", Videos),
    no("GET", "/v1/videos/characters/{id}", Videos),
];

static ALL: std::sync::LazyLock<Vec<&'static Endpoint>> =
    std::sync::LazyLock::new(|| PRODUCTS.iter().flatten().chain(OTHERS).chain(LATER.iter().flatten()).collect());

/// Every call there is.
#[must_use]
pub fn endpoints() -> &'static [&'static Endpoint] {
    &ALL
}
