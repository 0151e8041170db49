//! Handlers: thin over `Service` and the dialects.

use super::{Answer, Call, Reply, files};
use crate::dialect::{legacy, new, videos, warnings_of};
use crate::engine::Saying;
use crate::form::read;
use crate::money::Credits;
use crate::refusal::{Dialect, Refusal};
use crate::store::{Job, State, Wanted};
use crate::wish::Order;
use axum::http::HeaderValue;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use std::pin::Pin;

type Later = Pin<Box<dyn Future<Output = Answer> + Send>>;

impl Call {
    fn param(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    fn number(&self, name: &str, usual: i64) -> i64 {
        self.query.whole(name).unwrap_or(usual)
    }

    /// Takes an order, or with `?quote=true` only says what it costs.
    async fn order(self, order: Order) -> Answer {
        if self.query.flag("quote") == Some(true) {
            return self.quote(&order).await;
        }
        let job = self.service.submit(&self.account, order, self.endpoint.dialect).await?;
        Ok(Reply::Data(self.show(&job)))
    }

    async fn quote(&self, order: &Order) -> Answer {
        crate::wish::allowed(&order.wish, self.service.tariff(&self.account))?;
        let price = self.service.price(&self.account, order.price);
        let balance = self.service.balance(&self.account).await?;
        let there = Credits(balance.daily.0 + balance.lasting.0);
        Ok(Reply::Data(json!({
            "credits": price.number(), "units": price.units(), "enough": there >= price, "balance": there.number(), "model": order.model,
            "seconds": order.wish.seconds(), "size": order.wish.size(), "fps": order.wish.fps, "sound": !order.wish.silent, "warnings": warnings_of(&order.idle),
        })))
    }

    fn show(&self, job: &Job) -> Value {
        match self.endpoint.dialect {
            Dialect::Legacy => legacy::task_of(job, &self.service.links),
            Dialect::New => new::task_of(job, &self.service.links),
            Dialect::Videos => videos::video_of(job, &self.service.links),
        }
    }

    /// The job of `{id}`, of this kind of task.
    async fn job(&self) -> Result<Job, Refusal> {
        let id = self.param("id");
        match self.endpoint.dialect {
            Dialect::Videos => {
                let missing = || Refusal::NotThere { what: "video", id: id.chars().take(80).collect() };
                let found = self.service.find(&self.account, &videos::id_of(id).ok_or_else(missing)?.to_string(), super::table::FILMS).await;
                found.map_err(|e| if matches!(e, Refusal::NotThere { .. }) { missing() } else { e })
            }
            _ => self.service.find(&self.account, id, self.endpoint.products).await,
        }
    }
}

pub(super) fn film(mut call: Call) -> Later {
    Box::pin(async move {
        let body = std::mem::take(&mut call.body);
        let order = legacy::film_order(body, call.endpoint.products == ["omni-video"], call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn extend(mut call: Call) -> Later {
    Box::pin(async move {
        let body = std::mem::take(&mut call.body);
        let parent = match body.get("video_id") {
            Some(id) => parent(&call, videos::id_in(id)).await?,
            None => None,
        };
        let order = legacy::extend_order(body, |_| parent, call.service.catalogue)?;
        call.order(order).await
    })
}

async fn parent(call: &Call, id: Option<i64>) -> Result<Option<Job>, Refusal> {
    match id {
        Some(id) => Ok(call.service.store.job(call.account.id, id).await?),
        None => Ok(None),
    }
}

pub(super) fn sound(mut call: Call) -> Later {
    Box::pin(async move {
        let order = legacy::sound_order(std::mem::take(&mut call.body), call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn pictures(mut call: Call) -> Later {
    Box::pin(async move {
        let order = legacy::picture_order(std::mem::take(&mut call.body), call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn query(call: Call) -> Later {
    Box::pin(async move {
        let job = call.job().await?;
        let mut shown = call.show(&job);
        if call.endpoint.dialect == Dialect::Videos {
            // SDKs that poll wait so long between their questions.
            let pause = if job.state.over() { "0" } else { "1000" };
            let mut response = axum::Json(shown.take()).into_response();
            response.headers_mut().insert("openai-poll-after-ms", HeaderValue::from_static(pause));
            return Ok(Reply::Whole(response));
        }
        Ok(Reply::Data(shown))
    })
}

pub(super) fn list(call: Call) -> Later {
    Box::pin(async move {
        let (page, size) = (call.number("pageNum", 1), call.number("pageSize", 30));
        let products = call.endpoint.products.iter().map(|p| (*p).to_owned()).collect();
        let wanted = Wanted { products, skip: (page - 1) * size, limit: size, ..Wanted::default() };
        let jobs = call.service.store.jobs(call.account.id, wanted).await?;
        Ok(Reply::Data(jobs.iter().map(|j| call.show(j)).collect()))
    })
}

pub(super) fn cancel(call: Call) -> Later {
    Box::pin(async move {
        let job = call.job().await?;
        call.service.cancel(&call.account, job.id).await?;
        let job = call.service.store.job(call.account.id, job.id).await?.unwrap_or(job);
        Ok(Reply::Data(call.show(&job)))
    })
}

pub(super) fn plan(call: Call) -> Later {
    Box::pin(async move {
        let job = call.job().await?;
        files::plan_of(&call.service, &job).await.map(Reply::Data)
    })
}

pub(super) fn speech(mut call: Call) -> Later {
    Box::pin(async move {
        let crate::form::Read { form, idle } = read(legacy::SPEECH, std::mem::take(&mut call.body))?;
        let text = form.text("text").filter(|t| !t.trim().is_empty()).ok_or_else(|| Refusal::wrong("text", "is required"))?;
        let saying = Saying {
            text: text.to_owned(),
            voice: form.text("voice_id").map(str::to_owned),
            language: form.text("voice_language").map(str::to_owned),
            speed: form.number("voice_speed").unwrap_or(1.0) as f32,
        };
        let (id, seconds) = call.service.say(&call.account, saying, &idle).await?;
        let link = call.service.links.file(id, "sound.wav");
        let price = call.service.price(&call.account, call.service.catalogue.costs.speech);
        let audio = json!({ "id": id.to_string(), "url": link, "duration": Credits((seconds * 1000.0) as i64).to_string() });
        let result = json!({ "task_id": id.to_string(), "task_status": "succeed", "task_result": { "audios": [audio] }, "final_unit_deduction": price.units(), "warnings": warnings_of(&idle) });
        Ok(Reply::Data(result))
    })
}

pub(super) fn voices(call: Call) -> Later {
    Box::pin(async move {
        let (page, size) = (call.number("pageNum", 1), call.number("pageSize", 30));
        let from = usize::try_from((page - 1) * size).unwrap_or(0);
        let all = call.service.engine.voices();
        let voice = |v: &crate::engine::VoiceInfo| {
            let voices = [json!({ "voice_id": v.id, "voice_name": v.name, "trial_url": "", "owned_by": "kinora", "language": v.language })];
            json!({ "task_id": v.id, "task_status": "succeed", "task_status_msg": "", "created_at": 0, "updated_at": 0, "task_result": { "voices": voices } })
        };
        Ok(Reply::Data(all.iter().skip(from).take(usize::try_from(size).unwrap_or(30)).map(voice).collect()))
    })
}

pub(super) fn costs(call: Call) -> Later {
    Box::pin(async move {
        let time = |name: &str| call.query.whole(name).ok_or_else(|| Refusal::wrong(name, "is required: milliseconds since 1970"));
        let (from, to) = (time("start_time")?, time("end_time")?);
        if to < from {
            return Err(Refusal::wrong("end_time", "must not lie before start_time"));
        }
        let (balance, tariff) = (call.service.balance(&call.account).await?, call.service.tariff(&call.account));
        let granted = call.service.store.granted(call.account.id).await?;
        let units = |c: Credits| c.number() / 10.0;
        let pack = |name: &str, kind: &str, total: Credits, left: Credits| {
            json!({
                "resource_pack_name": name, "resource_pack_id": format!("{}-{kind}", call.account.id), "resource_pack_type": kind, "total_quantity": units(total),
                "remaining_quantity": units(left), "purchase_time": 0, "effective_time": 0, "invalid_time": 4_102_444_800_000_i64,
                "status": if left.0 > 0 { "online" } else { "runOut" },
            })
        };
        let mut packs = vec![pack("Credits", "decreasing_total", granted, balance.lasting)];
        if let crate::catalogue::Allowance::Daily(n) = tariff.credits {
            packs.push(pack(&tariff.title, "constant_period", Credits::whole(n), balance.daily));
        }
        if let Some(name) = call.query.text("resource_pack_name") {
            packs.retain(|p| p["resource_pack_name"] == name);
        }
        Ok(Reply::Data(json!({ "code": 0, "msg": "success", "resource_pack_subscribe_infos": packs })))
    })
}

/// Deductions per task, newest first.
pub(super) fn package_ledger(mut call: Call) -> Later {
    Box::pin(async move {
        let crate::form::Read { form, .. } = read(super::table::LEDGER, std::mem::take(&mut call.body))?;
        let limit = form.whole("limit").unwrap_or(100);
        let (from, to) = (form.whole("start_time").unwrap_or(0), form.whole("end_time").unwrap_or(i64::MAX));
        let mut cursor = form.whole("cursor");
        let (mut result, mut more) = (Vec::new(), false);
        while !more {
            let entries = call.service.store.entries(call.account.id, cursor, 1000).await?;
            let last = entries.len() < 1000;
            for entry in entries {
                if entry.kind == "settle" && (from..to).contains(&entry.at) {
                    if i64::try_from(result.len()).unwrap_or(limit) >= limit {
                        more = true;
                        break;
                    }
                    result.push(json!({
                        "id": entry.id.to_string(), "task_id": entry.job.map(|j| j.to_string()), "charge_type": "unit", "amount": entry.amount.units(),
                        "credits": entry.amount.number(), "create_time": entry.at,
                    }));
                }
                cursor = Some(entry.id);
            }
            if last {
                break;
            }
        }
        let next = if more { cursor.map(|c| c.to_string()) } else { None };
        Ok(Reply::Data(json!({ "count": result.len(), "result": result, "next_cursor": next, "has_more": more })))
    })
}

/// Deductions of money: there are none, everything is paid in units.
pub(super) fn cash_ledger(mut call: Call) -> Later {
    Box::pin(async move {
        read(super::table::LEDGER, std::mem::take(&mut call.body))?;
        Ok(Reply::Data(json!({ "result": [], "count": 0, "next_cursor": null, "has_more": false })))
    })
}

pub(super) fn new_film(mut call: Call) -> Later {
    Box::pin(async move {
        let body = std::mem::take(&mut call.body);
        let omni = call.endpoint.path.starts_with("/omni-video");
        let order = new::film_order(body, call.param("model"), omni, call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn tasks_by_id(call: Call) -> Later {
    Box::pin(async move {
        let ids = |name: &str| call.query.text(name).map(|t| t.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>());
        let (numbers, own) = (ids("task_ids"), ids("external_task_ids"));
        if numbers.is_none() && own.is_none() {
            return Err(Refusal::wrong("task_ids", "is required, or external_task_ids"));
        }
        let count = numbers.as_ref().map_or(0, Vec::len) + own.as_ref().map_or(0, Vec::len);
        if count > 500 {
            return Err(Refusal::wrong("task_ids", "at most 500 at once"));
        }
        let mut found = Vec::new();
        for id in numbers.unwrap_or_default().iter().filter_map(|n| n.parse().ok()) {
            found.extend(call.service.store.job(call.account.id, id).await?);
        }
        for id in own.unwrap_or_default() {
            found.extend(call.service.store.job_by_external(call.account.id, &id).await?);
        }
        Ok(Reply::Data(found.into_iter().map(|j| call.show(&call.service.fresher(j))).collect()))
    })
}

pub(super) fn tasks(mut call: Call) -> Later {
    Box::pin(async move {
        let crate::form::Read { form, .. } = read(new::TASKS, std::mem::take(&mut call.body))?;
        let limit = form.whole("limit").unwrap_or(100);
        let after = form.whole("cursor");
        let mut wanted = Wanted { from: form.whole("start_time"), until: form.whole("end_time"), after, limit: limit + 1, ..Wanted::default() };
        for filter in form.list("filters") {
            match filter.text("key") {
                Some("status") => wanted.states.extend(new::states(&filter)?),
                Some(_) => {
                    let words = filter.json("values").and_then(Value::as_array).ok_or_else(|| Refusal::wrong("filters.values", "must be a list of words"))?;
                    wanted.products.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                None => return Err(Refusal::wrong("filters.key", "is required")),
            }
        }
        let mut jobs = call.service.store.jobs(call.account.id, wanted).await?;
        let more = i64::try_from(jobs.len()).unwrap_or(0) > limit;
        jobs.truncate(usize::try_from(limit).unwrap_or(100));
        let next = jobs.last().filter(|_| more).map(|j| j.id.to_string());
        let result: Vec<Value> = jobs.iter().map(|j| call.show(j)).collect();
        Ok(Reply::Data(json!({ "count": result.len(), "result": result, "next_cursor": next, "has_more": more })))
    })
}

pub(super) fn video(mut call: Call) -> Later {
    Box::pin(async move {
        let order = videos::film_order(std::mem::take(&mut call.body), call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn videos_list(call: Call) -> Later {
    Box::pin(async move {
        let limit = call.number("limit", 20);
        let rising = call.query.text("order") == Some("asc");
        let after = match call.query.text("after") {
            None => None,
            Some(id) => Some(videos::id_of(id).ok_or_else(|| Refusal::NotThere { what: "video", id: id.chars().take(80).collect() })?),
        };
        let wanted = Wanted { dialect: Some("videos".into()), rising, after, limit: limit + 1, ..Wanted::default() };
        let mut jobs = call.service.store.jobs(call.account.id, wanted).await?;
        let more = i64::try_from(jobs.len()).unwrap_or(0) > limit;
        jobs.truncate(usize::try_from(limit).unwrap_or(20));
        let id = |j: Option<&Job>| j.map(|j| format!("video_{}", j.id));
        let (first, last) = (id(jobs.first()), id(jobs.last()));
        let data: Vec<Value> = jobs.into_iter().map(|j| call.show(&call.service.fresher(j))).collect();
        Ok(Reply::Data(json!({ "object": "list", "data": data, "first_id": first, "last_id": last, "has_more": more })))
    })
}

pub(super) fn video_delete(call: Call) -> Later {
    Box::pin(async move {
        let job = call.job().await?;
        call.service.delete(&call.account, job.id).await?;
        Ok(Reply::Data(json!({ "id": format!("video_{}", job.id), "deleted": true, "object": "video.deleted" })))
    })
}

pub(super) fn content(call: Call) -> Later {
    Box::pin(async move {
        let name = match call.query.text("variant") {
            Some("thumbnail") => "thumbnail.png",
            Some("spritesheet") => "spritesheet.png",
            Some("subtitles") => "film.vtt",
            _ => "film.mp4",
        };
        let job = call.job().await?;
        if name == "film.vtt" && crate::dialect::result_of(&job)["subtitles"] == false {
            return Err(Refusal::NotThere { what: "subtitles of", id: format!("video_{}: nobody speaks in it", job.id) });
        }
        files::of_job(&call.service, &job, name, &call.headers).await.map(Reply::Whole)
    })
}

pub(super) fn remix(mut call: Call) -> Later {
    Box::pin(async move {
        let parent = call.job().await?;
        if parent.state == State::Failed || parent.state == State::Cancelled {
            return Err(Refusal::NotReady(format!("video_{} failed; make it anew", parent.id)));
        }
        let order = videos::remix_order(std::mem::take(&mut call.body), &parent, call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn extension(mut call: Call) -> Later {
    Box::pin(async move {
        let body = std::mem::take(&mut call.body);
        let parent = parent(&call, body.get("video").and_then(videos::id_in)).await?;
        let order = videos::extend_order(body, |_| parent, call.service.catalogue)?;
        call.order(order).await
    })
}

pub(super) fn models(call: Call) -> Later {
    Box::pin(async move {
        let model = |m: &crate::catalogue::Model| {
            let tiers: Vec<Value> = m.tiers.iter().map(|t| json!({ "size": t.0, "credits_a_second": t.1, "with_sound": t.2 })).collect();
            json!({
                "id": m.name, "object": "model", "created": 0, "owned_by": "kinora", "names": m.other, "seconds": m.durations.text(), "shots": m.shots,
                "fps": m.fps, "lips": m.lips, "tiers": tiers,
            })
        };
        let data: Vec<Value> = call.service.catalogue.models.iter().map(model).collect();
        Ok(Reply::Data(json!({ "object": "list", "data": data })))
    })
}

pub(super) fn account(call: Call) -> Later {
    Box::pin(async move {
        let (balance, tariff) = (call.service.balance(&call.account).await?, call.service.tariff(&call.account));
        let hook = call.service.secrets.of_hook(call.account.id, call.account.hook.0);
        Ok(Reply::Data(json!({
            "name": call.account.name, "plan": tariff.name, "largest": tariff.tier, "slots": call.service.terms(&call.account).slots, "active": balance.active,
            "credits": { "today": balance.daily.number(), "lasting": balance.lasting.number(), "held": balance.held.number() },
            "webhook_secret": crate::auth::hook_text(&hook),
        })))
    })
}

pub(super) fn refused(call: Call) -> Later {
    Box::pin(async move {
        let why = call.endpoint.refused.unwrap_or(crate::form::NO_PICTURES);
        Err(Refusal::Unsupported { field: call.endpoint.path.trim_start_matches('/').to_owned(), why: why.to_owned() })
    })
}
