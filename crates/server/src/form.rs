//! Fields of calls as data: one table says of every field what it may hold and what it does. Reading, refusing, warning, the OpenAPI
//! document and the test over all fields come from it.

use crate::refusal::Refusal;
use serde_json::{Map, Value, json};

/// A field of a call.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// What it does.
    pub effect: Effect,
    /// For people.
    pub doc: &'static str,
    /// A value that differs from what there is without it, as JSON.
    pub sample: &'static str,
}

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number from, to; text of digits is taken too, as clients disagree.
    Whole(i64, i64),
    /// A number from, to.
    Number(f64, f64),
    /// true or false.
    Flag,
    /// At most so many objects.
    List(&'static [Field], usize),
    /// An object.
    Object(&'static [Field]),
    /// Anything.
    Json,
}

/// What a field does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Changes plan, price or file.
    Film,
    /// Names the task, its parts, or whom to tell.
    Task,
    /// Changes nothing: a warning names it and says why.
    Nothing(&'static str),
    /// The call is refused, for this reason.
    Refused(&'static str),
}

/// A film is made from words; pictures come later.
pub const NO_PICTURES: &str = "this engine makes films from words; pictures, videos and sounds cannot be given to it yet. Describe what is to be seen";

/// What a call holds, read by its table.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Map<String, Value>,
}

/// The values of a call and what in it changes nothing.
pub struct Read {
    /// Values.
    pub form: Form,
    /// Names of fields with why they change nothing.
    pub idle: Vec<(String, String)>,
}

/// Reads a body by its table.
///
/// # Errors
/// If a value is not what the table says, or cannot be taken.
pub fn read(fields: &[Field], body: Map<String, Value>) -> Result<Read, Refusal> {
    let mut idle = Vec::new();
    let values = object(fields, body, "", &mut idle)?;
    Ok(Read { form: Form { values }, idle })
}

fn object(fields: &[Field], body: Map<String, Value>, at: &str, idle: &mut Vec<(String, String)>) -> Result<Map<String, Value>, Refusal> {
    let mut values = Map::new();
    for (name, value) in body {
        let place = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        if value.is_null() {
            continue;
        }
        let Some(field) = fields.iter().find(|f| f.name == name) else {
            let shown: String = place.chars().take(80).collect();
            idle.push((shown, "is no field of this call and changed nothing".into()));
            continue;
        };
        if let Effect::Refused(why) = field.effect {
            // An empty list or text asks for nothing.
            if value.as_array().is_some_and(Vec::is_empty) || value.as_str().is_some_and(str::is_empty) {
                continue;
            }
            return Err(Refusal::Unsupported { field: place, why: why.into() });
        }
        let value = checked(&field.kind, value, &place, idle)?;
        if let Effect::Nothing(why) = field.effect {
            idle.push((place, why.into()));
            continue;
        }
        values.insert(name, value);
    }
    Ok(values)
}

fn checked(kind: &Kind, value: Value, at: &str, idle: &mut Vec<(String, String)>) -> Result<Value, Refusal> {
    let wrong = |what: String| Err(Refusal::wrong(at, what));
    match kind {
        Kind::Text(most) => match value {
            Value::String(text) if text.chars().count() > *most => wrong(format!("has {} characters; at most {most}", text.chars().count())),
            Value::String(text) if text.contains('\0') => wrong("holds a zero character".into()),
            Value::String(text) => Ok(text.into()),
            Value::Number(n) => Ok(n.to_string().into()),
            other => wrong(format!("must be text, not {}", name_of(&other))),
        },
        Kind::Word(words) => match value.as_str() {
            Some(word) if words.contains(&word) => Ok(value),
            _ => wrong(format!("must be one of: {}", words.join(", "))),
        },
        Kind::Whole(from, to) => {
            let number = match &value {
                Value::Number(n) => n.as_i64().or_else(|| n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64)),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            match number {
                Some(n) if (*from..=*to).contains(&n) => Ok(n.into()),
                _ => wrong(format!("must be a whole number from {from} to {to}")),
            }
        }
        Kind::Number(from, to) => {
            let number = value.as_f64().or_else(|| value.as_str().and_then(|t| t.trim().parse().ok()));
            match number {
                Some(n) if (*from..=*to).contains(&n) => Ok(json!(n)),
                _ => wrong(format!("must be a number from {from} to {to}")),
            }
        }
        Kind::Flag => match &value {
            Value::Bool(_) => Ok(value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true.into()),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false.into()),
            _ => wrong("must be true or false".into()),
        },
        Kind::List(fields, most) => match value {
            Value::Array(list) if list.len() > *most => wrong(format!("has {} entries; at most {most}", list.len())),
            Value::Array(list) => {
                let mut out = Vec::new();
                for (k, entry) in list.into_iter().enumerate() {
                    let at = format!("{at}[{k}]");
                    let Value::Object(entry) = entry else { return Err(Refusal::wrong(at, "must be an object")) };
                    out.push(Value::Object(object(fields, entry, &at, idle)?));
                }
                Ok(Value::Array(out))
            }
            other => wrong(format!("must be a list, not {}", name_of(&other))),
        },
        Kind::Object(fields) => match value {
            Value::Object(map) => Ok(Value::Object(object(fields, map, at, idle)?)),
            other => wrong(format!("must be an object, not {}", name_of(&other))),
        },
        Kind::Json => match value {
            // Forms carry JSON as text.
            Value::String(text) if text.trim_start().starts_with(['{', '[']) => serde_json::from_str(&text).or_else(|e| wrong(format!("is not JSON: {e}"))),
            other => Ok(other),
        },
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Form {
    /// Whether the field was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
    /// Text; empty text counts as none.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str).filter(|t| !t.is_empty())
    }
    /// A whole number.
    #[must_use]
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.values.get(name).and_then(Value::as_i64)
    }
    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.values.get(name).and_then(Value::as_f64)
    }
    /// true or false.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.values.get(name).and_then(Value::as_bool)
    }
    /// An object; empty if it was not given.
    #[must_use]
    pub fn object(&self, name: &str) -> Self {
        Self { values: self.values.get(name).and_then(Value::as_object).cloned().unwrap_or_default() }
    }
    /// Objects of a list.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<Self> {
        let list = self.values.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|v| Self { values: v.as_object().cloned().unwrap_or_default() }).collect()
    }
    /// Anything.
    #[must_use]
    pub fn json(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }
}

/// The JSON schema of a table.
#[must_use]
pub fn schema(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let mut of = schema_of(&field.kind);
        let note = match field.effect {
            Effect::Nothing(why) => format!(" Accepted, with a warning: {why}."),
            Effect::Refused(why) => format!(" Refused: {why}."),
            _ => String::new(),
        };
        of["description"] = format!("{}{note}", field.doc).into();
        properties.insert(field.name.into(), of);
    }
    json!({ "type": "object", "properties": properties })
}

fn schema_of(kind: &Kind) -> Value {
    match kind {
        Kind::Text(most) => json!({ "type": "string", "maxLength": most }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Whole(from, to) => json!({ "anyOf": [{ "type": "integer", "minimum": from, "maximum": to }, { "type": "string", "pattern": "^-?[0-9]+$" }] }),
        Kind::Number(from, to) => json!({ "type": "number", "minimum": from, "maximum": to }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::List(fields, most) => json!({ "type": "array", "maxItems": most, "items": schema(fields) }),
        Kind::Object(fields) => schema(fields),
        Kind::Json => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field { name: "n", kind: Kind::Whole(1, 9), effect: Effect::Film, doc: "", sample: "2" },
        Field { name: "idle", kind: Kind::Flag, effect: Effect::Nothing("has no meaning here"), doc: "", sample: "true" },
        Field { name: "image", kind: Kind::Text(10), effect: Effect::Refused(NO_PICTURES), doc: "", sample: "\"x\"" },
    ];

    fn of(body: Value) -> Result<Read, Refusal> {
        read(FIELDS, body.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn nothing_is_ignored_in_silence() {
        let read = of(json!({ "n": "4", "idle": true, "other": 1, "image": "" })).expect("all is acceptable");
        assert_eq!(read.form.whole("n"), Some(4), "digits are a number");
        assert_eq!(read.idle.iter().map(|i| i.0.as_str()).collect::<Vec<_>>(), ["idle", "other"], "both are named");
        assert!(of(json!({ "n": 10 })).is_err() && of(json!({ "n": 1.5 })).is_err() && of(json!({ "n": [] })).is_err(), "out of range");
        assert!(matches!(of(json!({ "image": "abc" })), Err(Refusal::Unsupported { .. })), "what cannot be taken is refused");
    }
}
