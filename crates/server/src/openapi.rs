//! The OpenAPI document and the page for people, made from the tables that the service itself reads calls by.

use crate::form::{Field, schema};
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
            "schemas": {
                "Envelope": { "type": "object", "required": ["code", "message", "request_id"], "properties": { "code": { "type": "integer" }, "message": { "type": "string" }, "request_id": { "type": "string" }, "data": {} } },
                "Error": { "type": "object", "required": ["error"], "properties": { "error": { "type": "object", "required": ["message", "type"], "properties": { "message": { "type": "string" }, "type": { "type": "string" }, "param": { "type": ["string", "null"] }, "code": { "type": ["string", "null"] } } } } },
                "Video": { "type": "object", "required": ["id", "object", "status"], "properties": { "id": { "type": "string" }, "object": { "const": "video" }, "status": { "enum": ["queued", "in_progress", "completed", "failed"] }, "progress": { "type": "integer" }, "warnings": { "type": "array" } } },
            },
        },
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let (good, bad) = match endpoint.dialect {
        Dialect::Legacy | Dialect::New => (json!({ "$ref": "#/components/schemas/Envelope" }), "#/components/schemas/Envelope"),
        Dialect::Videos => (json!({ "type": "object" }), "#/components/schemas/Error"),
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
    parameters.extend(endpoint.query.iter().map(|(name, doc)| json!({ "name": name, "in": "query", "description": doc, "schema": { "type": "string" } })));
    let mut operation = json!({
        "summary": endpoint.doc,
        "operationId": name_of(endpoint),
        "tags": [match endpoint.dialect { Dialect::Legacy => "older interface", Dialect::New => "newer interface", Dialect::Videos => "/v1/videos" }],
        "parameters": parameters,
        "responses": responses,
    });
    if !endpoint.fields.is_empty() {
        let mut of = schema(endpoint.fields);
        if !endpoint.required.is_empty() {
            of["required"] = json!(endpoint.required);
        }
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
            for (name, doc) in endpoint.query {
                out += &format!("<p class=f><code>?{name}=</code> {}</p>\n", escaped(doc));
            }
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
