//! The OpenAPI document and the page for people, made from the tables that the service itself reads calls by.

use crate::form::{Field, schema, schema_of};
use crate::http::{Endpoint, endpoints};
use crate::refusal::Dialect;
use serde_json::{Map, Value, json};

/// OpenAPI 3.1.
#[must_use]
pub fn document(base: &str) -> Value {
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let path = paths.entry(endpoint.path.to_owned()).or_insert_with(|| json!({}));
        path[endpoint.method.to_ascii_lowercase()] = operation(endpoint);
    }
    let servers = if base.is_empty() { json!([{ "url": "/" }]) } else { json!([{ "url": base }]) };
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Kinora", "version": env!("CARGO_PKG_VERSION"), "description": "Films from words. Kinora is not affiliated with the makers of the interfaces that it is compatible with.", "license": { "name": "MIT OR Apache-2.0" } },
        "servers": servers,
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer", "description": "A static key, or an HS256 token made from an access and a secret key. None in single-user mode." } },
            "schemas": schemas(),
        },
    })
}

/// What is answered. Everything may have more: an older client must not mind what is new.
fn schemas() -> Value {
    let (text, whole, number) = (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "number" }));
    let digits = json!({ "type": "string", "pattern": "^[0-9]+$" });
    let or_null = |of: &str| json!({ "type": [of, "null"] });
    let warnings = json!({
        "type": "array", "description": "What changed nothing or went otherwise than asked.",
        "items": { "type": "object", "required": ["message"], "properties": { "kind": text, "field": text, "message": text } },
    });
    // What every task has besides, in every interface.
    let own = json!({ "progress": { "type": "integer", "minimum": 0, "maximum": 100 }, "credits": number, "seed": or_null("integer"), "warnings": warnings, "cancelled": { "type": "boolean" } });
    let task = |required: &[&str], properties: Value| {
        let mut all = own.as_object().cloned().unwrap_or_default();
        all.extend(properties.as_object().cloned().unwrap_or_default());
        json!({ "type": "object", "required": required, "properties": all })
    };
    let list = |of: &Value| json!({ "type": "array", "items": of });
    let link = json!({ "type": "object", "properties": { "id": digits, "index": whole, "url": text, "duration": text } });
    json!({
        "Envelope": { "type": "object", "required": ["code", "message", "request_id"], "properties": { "code": whole, "message": text, "request_id": text, "data": {} } },
        "Error": { "type": "object", "required": ["error"], "properties": { "error": { "type": "object", "required": ["message", "type"], "properties": { "message": text, "type": text, "param": or_null("string"), "code": or_null("string") } } } },
        "Video": task(&["id", "object", "model", "status", "progress", "created_at", "size", "seconds", "prompt", "error", "credits", "warnings"], json!({
            "id": { "type": "string", "pattern": "^video_[0-9]+$" }, "object": { "const": "video" }, "model": text,
            "status": { "enum": ["queued", "in_progress", "completed", "failed"] }, "created_at": whole, "completed_at": or_null("integer"), "expires_at": or_null("integer"),
            "size": text, "seconds": text, "prompt": text, "remixed_from_video_id": or_null("string"), "url": text,
            "error": { "type": ["object", "null"], "properties": { "code": text, "message": text } },
        })),
        "OlderTask": task(&["task_id", "task_status", "task_status_msg", "created_at", "updated_at", "warnings"], json!({
            "task_id": digits, "task_status": { "enum": ["submitted", "processing", "succeed", "failed"] }, "task_status_msg": text,
            "task_info": { "type": "object", "properties": { "external_task_id": text, "parent_video": link } },
            "task_result": { "type": "object", "properties": { "videos": list(&link), "images": list(&link), "audios": { "type": "array", "items": { "type": "object" } } } },
            "watermark_info": { "type": "object" }, "final_unit_deduction": text, "final_balance_deduction": { "type": "object" }, "created_at": whole, "updated_at": whole,
        })),
        "NewerTask": task(&["id", "status", "message", "create_time", "update_time", "external_id", "warnings"], json!({
            "id": digits, "status": { "enum": ["submitted", "processing", "succeeded", "failed"] }, "message": text, "create_time": whole, "update_time": whole,
            "external_id": text, "product_type": text,
            "outputs": { "type": "array", "items": { "type": "object", "required": ["type", "url"], "properties": { "type": text, "url": text } } },
            "billing": { "type": "array", "items": { "type": "object", "required": ["charge_type", "amount"], "properties": { "charge_type": text, "amount": text, "package_type": text } } },
        })),
        "Quote": { "type": "object", "required": ["credits", "units", "enough", "balance"], "properties": { "credits": number, "units": text, "enough": { "type": "boolean" }, "balance": number, "model": text, "seconds": text, "size": text, "fps": whole, "sound": { "type": "boolean" }, "warnings": warnings } },
        "Speech": { "type": "object", "required": ["task_id", "task_status", "task_result"], "properties": { "task_id": digits, "task_status": { "const": "succeed" }, "task_result": { "type": "object", "required": ["audios"], "properties": { "audios": list(&link) } }, "final_unit_deduction": text, "warnings": warnings } },
        "Plan": { "type": "object", "required": ["version", "scenes", "shots"], "description": "A film as data; `kinora schema` prints its schema." },
        "Account": { "type": "object", "required": ["name", "plan", "slots", "active", "credits"], "properties": { "name": text, "plan": text, "largest": text, "slots": whole, "active": whole, "credits": { "type": "object", "properties": { "today": number, "lasting": number, "held": number } }, "webhook_secret": text } },
        "Deleted": { "type": "object", "required": ["id", "deleted", "object"], "properties": { "id": text, "deleted": { "const": true }, "object": { "const": "video.deleted" } } },
    })
}

/// What a call answers, inside its envelope if it has one.
fn answer(endpoint: &Endpoint) -> Value {
    let one = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let task = match endpoint.dialect {
        Dialect::Legacy => one("OlderTask"),
        Dialect::New => one("NewerTask"),
        Dialect::Videos => one("Video"),
    };
    let pages = |of: Value, more: Value| {
        let mut all = json!({ "type": "object", "required": ["has_more"], "properties": { "has_more": { "type": "boolean" } } });
        let name = if endpoint.dialect == Dialect::Videos { "data" } else { "result" };
        all["properties"][name] = json!({ "type": "array", "items": of });
        if let (Some(all), Some(more)) = (all["properties"].as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        all
    };
    let cursor = || json!({ "count": { "type": "integer" }, "next_cursor": { "type": ["string", "null"] } });
    match (endpoint.method, endpoint.path) {
        (_, "/v1/audio/tts") => one("Speech"),
        (_, "/v1/account") => one("Account"),
        (_, "/account/costs") => json!({ "type": "object", "required": ["code", "msg", "resource_pack_subscribe_infos"] }),
        (_, "/account/billing/package" | "/account/billing/balance") => pages(json!({ "type": "object" }), cursor()),
        (_, "/v1/models") => json!({ "type": "object", "required": ["object", "data"] }),
        (_, "/v1/general/presets-voices") => json!({ "type": "array", "items": { "type": "object" } }),
        ("GET", "/tasks") => json!({ "type": "array", "items": task }),
        ("POST", "/tasks") => pages(task, cursor()),
        ("GET", "/v1/videos") => {
            pages(task, json!({ "object": { "const": "list" }, "first_id": { "type": ["string", "null"] }, "last_id": { "type": ["string", "null"] } }))
        }
        ("DELETE", _) => one("Deleted"),
        (_, path) if path.ends_with("/plan") => one("Plan"),
        ("GET", path) if !path.contains("{id}") => json!({ "type": "array", "items": task }),
        _ if endpoint.creates => json!({ "anyOf": [task, one("Quote")] }),
        _ => task,
    }
}

fn operation(endpoint: &Endpoint) -> Value {
    let (good, bad) = match endpoint.dialect {
        Dialect::Legacy | Dialect::New => {
            let data = json!({ "type": "object", "required": ["data"], "properties": { "data": answer(endpoint) } });
            (json!({ "allOf": [{ "$ref": "#/components/schemas/Envelope" }, data] }), "#/components/schemas/Envelope")
        }
        Dialect::Videos => (answer(endpoint), "#/components/schemas/Error"),
    };
    let file = endpoint.path.ends_with("/content");
    let content = if file { json!({ "video/mp4": {}, "image/png": {}, "text/vtt": {} }) } else { json!({ "application/json": { "schema": good } }) };
    let mut responses =
        json!({ "default": { "description": "A refusal: what is wrong, and what to do.", "content": { "application/json": { "schema": { "$ref": bad } } } } });
    if endpoint.refused.is_none() {
        responses["200"] = json!({ "description": "Done.", "content": content });
    }
    let inside = endpoint.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = inside.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })).collect();
    parameters.extend(endpoint.query.iter().map(|f| {
        let required = endpoint.required.contains(&f.name);
        json!({ "name": f.name, "in": "query", "required": required, "description": f.doc, "schema": schema_of(&f.kind) })
    }));
    let tag = match endpoint.dialect {
        _ if endpoint.refused.is_some() => "not yet",
        Dialect::Legacy => "older interface",
        Dialect::New => "newer interface",
        Dialect::Videos => "/v1/videos",
    };
    let mut operation = json!({
        "summary": endpoint.doc, "operationId": name_of(endpoint), "tags": [tag], "parameters": parameters, "responses": responses,
    });
    if !endpoint.fields.is_empty() {
        let of = schema(endpoint.fields, endpoint.required);
        let mut content = json!({ "application/json": { "schema": of } });
        if endpoint.dialect == Dialect::Videos {
            content["multipart/form-data"] = json!({ "schema": of });
        }
        operation["requestBody"] = json!({ "required": !endpoint.required.is_empty(), "content": content });
    }
    operation
}

fn name_of(endpoint: &Endpoint) -> String {
    let words = endpoint.path.split(['/', '-', '{', '}']).filter(|w| !w.is_empty());
    std::iter::once(endpoint.method.to_ascii_lowercase()).chain(words.map(str::to_owned)).collect::<Vec<_>>().join("_")
}

/// The documentation as one static page.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(HEAD);
    for (dialect, title) in [(Dialect::Videos, "/v1/videos"), (Dialect::Legacy, "The older interface"), (Dialect::New, "The newer interface")] {
        out += &format!("<h2>{title}</h2>\n");
        for endpoint in endpoints().iter().filter(|e| e.dialect == dialect && e.refused.is_none()) {
            out += &format!("<h3><code>{} {}</code></h3><p>{}</p>\n", endpoint.method, escaped(endpoint.path), escaped(endpoint.doc));
            fields(endpoint.query, "?", &mut out);
            fields(endpoint.fields, "", &mut out);
        }
        let refused: Vec<String> = endpoints()
            .iter()
            .filter(|e| e.dialect == dialect && e.refused.is_some())
            .map(|e| format!("<code>{} {}</code>", e.method, escaped(e.path)))
            .collect();
        if !refused.is_empty() {
            out += &format!("<p>Refused, as they need pictures, videos or recordings: {}.</p>\n", refused.join(", "));
        }
    }
    out + "</main></html>\n"
}

fn fields(table: &[Field], at: &str, out: &mut String) {
    use crate::form::{Effect, Kind};
    for field in table {
        let (kind, inside): (String, &[Field]) = match field.kind {
            Kind::Text(most) => (format!("text of at most {most}"), &[]),
            Kind::Word(words) => (words.join(" | "), &[]),
            Kind::Whole(from, to) => (format!("{from} to {to}"), &[]),
            Kind::Number(from, to) => (format!("{from} to {to}"), &[]),
            Kind::Flag => ("true | false".into(), &[]),
            Kind::List(inside, most) => (format!("list of at most {most}"), inside),
            Kind::Object(inside) => ("object".into(), inside),
            Kind::Json => ("JSON".into(), &[]),
        };
        let note = match field.effect {
            Effect::Nothing(why) => format!("<em>Accepted with a warning: {}.</em>", escaped(why)),
            Effect::Refused(_) => "<em>Refused.</em>".into(),
            _ => String::new(),
        };
        out.push_str(&format!("<p class=f><code>{at}{}</code> <small>{}</small> {} {note}</p>\n", field.name, escaped(&kind), escaped(field.doc)));
        if !matches!(field.effect, Effect::Nothing(_)) {
            fields(inside, &format!("{at}{}.", field.name), out);
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const HEAD: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Kinora: calls</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;color:#222;background:#fbfaf7;margin:0}main{max-width:52rem;margin:2rem auto;padding:0 1rem}code{background:#eee9df;padding:.1em .3em;border-radius:3px}.f{margin:.2rem 0 .2rem 1.5rem}small{color:#666}h3{margin:1.6rem 0 .2rem}</style><main>\n<h1>Kinora: calls</h1><p>Films from words, over HTTP. <a href=/openapi.json>openapi.json</a> says the same to programs. Every call takes <code>Authorization: Bearer KEY</code>, except on your own machine in single-user mode.</p>\n";
