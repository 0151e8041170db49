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

/// Reads the parameters of a query by its table. Names that it does not have are left alone: proxies and browsers add some.
///
/// # Errors
/// If a value is not what the table says.
pub fn read_query(fields: &[Field], pairs: impl Iterator<Item = (String, String)>) -> Result<Form, Refusal> {
    let mut values = Map::new();
    for (name, text) in pairs {
        if let Some(field) = fields.iter().find(|f| f.name == name) {
            let value = checked(&field.kind, Value::String(text), &name, &mut Vec::new())?;
            values.insert(name, value);
        }
    }
    Ok(Form { values })
}

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
                Value::String(text) if text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
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

/// The JSON schema of a table. What is taken besides, because clients disagree, is in it: digits as text, null for what is not given.
#[must_use]
pub fn schema(fields: &[Field], required: &[&str]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let needed = required.contains(&field.name);
        let mut of = if let Effect::Refused(_) = field.effect { json!({ "enum": [null, "", []] }) } else { schema_of(&field.kind) };
        if needed && matches!(field.kind, Kind::Text(_)) {
            of["pattern"] = "\\S".into();
        }
        if !needed && !matches!(field.effect, Effect::Refused(_)) && !matches!(field.kind, Kind::Json) {
            of = json!({ "anyOf": [of, { "type": "null" }] });
        }
        let note = match field.effect {
            Effect::Nothing(why) => format!(" Accepted, with a warning: {why}."),
            Effect::Refused(why) => format!(" Refused: {why}."),
            _ => String::new(),
        };
        of["description"] = format!("{}{note}", field.doc).into();
        properties.insert(field.name.into(), of);
    }
    let mut of = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        of["required"] = json!(required);
    }
    of
}

/// The JSON schema of a value.
#[must_use]
pub fn schema_of(kind: &Kind) -> Value {
    match kind {
        Kind::Text(most) => json!({ "type": ["string", "number"], "maxLength": most }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Whole(from, to) => {
            json!({ "anyOf": [{ "type": "integer", "minimum": from, "maximum": to }, { "type": "string", "pattern": format!("^0*({})$", digits(*from, *to)) }] })
        }
        Kind::Number(from, to) if *from >= 0.0 => {
            let whole = digits(from.ceil() as i64, to.floor() as i64);
            json!({ "anyOf": [{ "type": "number", "minimum": from, "maximum": to }, { "type": "string", "pattern": format!("^({whole})$") }] })
        }
        Kind::Number(from, to) => json!({ "type": "number", "minimum": from, "maximum": to }),
        Kind::Flag => json!({ "enum": [true, false, "true", "false"] }),
        Kind::List(fields, most) => json!({ "type": "array", "maxItems": most, "items": schema(fields, &[]) }),
        Kind::Object(fields) => schema(fields, &[]),
        Kind::Json => json!({}),
    }
}

/// A pattern of the digits of the whole numbers from .. to, none below 0.
fn digits(from: i64, to: i64) -> String {
    let mut parts = Vec::new();
    let (mut low, to) = (from.max(0), to.max(0));
    loop {
        // As many digits as `low` has.
        let longest = 10_i64.checked_pow(u32::try_from(low.to_string().len()).unwrap_or(19)).map_or(i64::MAX, |p| p - 1);
        let high = to.min(longest);
        same_length(low.to_string().as_bytes(), high.to_string().as_bytes(), String::new(), &mut parts);
        if high == to {
            return parts.join("|");
        }
        low = high + 1;
    }
}

/// Patterns of numbers of the same number of digits.
fn same_length(low: &[u8], high: &[u8], before: String, parts: &mut Vec<String>) {
    let (Some((l, lows)), Some((h, highs))) = (low.split_first(), high.split_first()) else { return parts.push(before) };
    let with = |d: u8| format!("{before}{}", char::from(d));
    if l == h {
        return same_length(lows, highs, with(*l), parts);
    }
    let (mut first, mut last) = (*l, *h);
    if lows.iter().any(|d| *d != b'0') {
        same_length(lows, &vec![b'9'; lows.len()], with(*l), parts);
        first += 1;
    }
    let ends = highs.iter().any(|d| *d != b'9');
    if ends {
        last -= 1;
    }
    if first <= last {
        let rest = if lows.is_empty() { String::new() } else { format!("[0-9]{{{}}}", lows.len()) };
        parts.push(format!("{before}[{}-{}]{rest}", char::from(first), char::from(last)));
    }
    if ends {
        same_length(&vec![b'0'; highs.len()], highs, with(*h), parts);
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
    fn digits_of_a_range_are_those_and_no_others() {
        for (from, to) in [(1, 9), (0, 60), (1, 180), (24, 60), (64, 3840), (1, 10_800), (7, 7), (99, 101)] {
            let parts = digits(from, to);
            let takes = |n: i64| {
                let text = n.to_string();
                parts.split('|').any(|p| fits(p, text.as_bytes()))
            };
            for n in 0..12_000 {
                assert_eq!(takes(n), (from..=to).contains(&n), "{n} of {from}..{to}: {parts}");
            }
        }
        assert!(digits(0, i64::MAX).len() < 800, "the longest");
    }

    /// Patterns of this kind alone: digits, [a-b], [0-9]{n}.
    fn fits(pattern: &str, text: &[u8]) -> bool {
        let mut rest = text;
        let mut p = pattern;
        while !p.is_empty() {
            let (range, after) = match p.strip_prefix('[') {
                Some(inner) => inner.split_once(']').expect("closed"),
                None => p.split_at(1),
            };
            let (low, high) = (range.as_bytes()[0], range.as_bytes()[range.len() - 1]);
            let (times, after) = match after.strip_prefix('{') {
                Some(inner) => inner.split_once('}').map(|(n, a)| (n.parse().expect("a count"), a)).expect("closed"),
                None => (1_usize, after),
            };
            if rest.len() < times || !rest[..times].iter().all(|d| (low..=high).contains(d)) {
                return false;
            }
            (rest, p) = (&rest[times..], after);
        }
        rest.is_empty()
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
