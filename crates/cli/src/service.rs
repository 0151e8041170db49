//! `kinora serve`, `kinora worker`, `kinora admin`.

use crate::arguments::{Admin, Desk as Where, Serve, Work};
use crate::commands::print;
use crate::progress::{Desk, say, voices_folder};
use anyhow::Result;
use kinora::base::Studio as _;
use kinora_server::admin::usual_folder;
use kinora_server::clock::Clock;
use kinora_server::engine::{Place, StageEngine};
use kinora_server::serve::{Listening, Tls, block_on, listen, told_to_stop};
use kinora_server::store::Change;
use kinora_server::{Config, Error, Service};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

fn engine() -> Result<Arc<StageEngine>> {
    // Without a handler for Ctrl-C: the service has its own.
    let desk = Desk::new_silent();
    let place = Place { assets: desk.asset_folders(), voices: voices_folder(), cache: desk.cache() };
    Ok(Arc::new(StageEngine::open(place)?))
}

/// The clock, or for fault runs one that is wrong.
fn clock() -> Arc<Clock> {
    let off = std::env::var("KINORA_TEST_CLOCK_MS").ok().and_then(|t| t.parse().ok()).unwrap_or(0);
    Arc::new(Clock::off_by(off))
}

fn config(at: &Where, work: &Work) -> Config {
    let mut config = Config::new(at.data.clone().unwrap_or_else(usual_folder));
    config.free = u64::from(work.free_mb) * 1_000_000;
    config.disk = (work.disk_gb * 1e9) as u64;
    config.keep = (work.keep_days > 0).then(|| Duration::from_secs(u64::from(work.keep_days) * 86_400));
    if let Some(worker) = &mut config.worker {
        worker.jobs = work.jobs.into();
        worker.threads = work.threads.map_or(worker.threads, usize::from);
        worker.lease = Duration::from_secs_f64(work.lease);
        worker.timeout = Duration::from_secs(work.timeout.into());
    }
    config
}

/// Whether an address is of this machine alone.
fn is_loopback(address: &str) -> bool {
    let all: Vec<SocketAddr> = address.to_socket_addrs().map(Iterator::collect).unwrap_or_default();
    !all.is_empty() && all.iter().all(|a| a.ip().is_loopback())
}

/// With port 0, an address whose port is free: links need to name it.
fn free_port(listen: &str) -> Result<String> {
    if !listen.ends_with(":0") {
        return Ok(listen.to_owned());
    }
    let failed = |source| Error::Listen { address: listen.to_owned(), source };
    let free = std::net::TcpListener::bind(listen).and_then(|l| l.local_addr()).map_err(failed)?;
    Ok(free.to_string())
}

/// Serves until told to stop.
pub(crate) fn serve(serve: &Serve) -> Result<()> {
    let near = is_loopback(&serve.listen);
    if !near && !serve.accounts {
        let why = format!(
            "{}: other machines can reach this address; --accounts makes everybody show a key (kinora admin open NAME, kinora admin key NAME)",
            serve.listen
        );
        return Err(Error::Setting(why).into());
    }
    let address = free_port(&serve.listen)?;
    let tls = serve.tls_cert.clone().zip(serve.tls_key.clone()).map(|(certificates, key)| Tls { certificates, key });
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut config = config(&serve.at, &serve.work);
    config.single = !serve.accounts;
    config.base = serve.base.clone().unwrap_or_else(|| format!("{scheme}://{}", named(&address)));
    config.private_callbacks = serve.private_callbacks;
    config.callback_pause = Duration::from_secs_f64(serve.callback_pause);
    config.queue = serve.queue.into();
    config.metrics_token = std::env::var("KINORA_METRICS_TOKEN").ok().filter(|t| !t.is_empty());
    config.log_calls = serve.accounts && !serve.quiet;
    if serve.no_worker {
        config.worker = None;
    }
    let (engine, data, base) = (engine()?, config.data.clone(), config.base.clone());
    block_on(async {
        let service = Arc::new(Service::open(config, engine, clock()).await?);
        let listening = listen(service, &address, tls.as_ref()).await?;
        greet(serve, &listening, &base, &data);
        told_to_stop().await;
        say("kinora: stopping; films that are not finished go on when it starts again");
        listening.stop().await;
        Ok::<(), Error>(())
    })??;
    Ok(())
}

/// An address as callers write it: nobody can call 0.0.0.0.
fn named(address: &str) -> String {
    match address.parse::<SocketAddr>() {
        Ok(all) if all.ip().is_unspecified() => format!("localhost:{}", all.port()),
        _ => address.to_owned(),
    }
}

fn greet(serve: &Serve, listening: &Listening, base: &str, data: &std::path::Path) {
    say(&format!("kinora: serving {base} ({base}/docs lists all calls); data in {}", data.display()));
    if serve.base.is_none() && listening.address.ip().is_unspecified() {
        say(&format!("Links begin with {base}; where that is not how callers reach this machine, say --base https://NAME"));
    }
    let key = if serve.accounts { " -H \"Authorization: Bearer $KINORA_KEY\"" } else { "" };
    say(&format!(
        "Try:\n  curl {base}/v1/videos{key} -H 'content-type: application/json' -d '{{\"prompt\": \"A red fox walks through a snowy forest at sunset\", \"size\": \"640x360\"}}'"
    ));
    say(&format!("  curl {base}/v1/videos/ID{key}              # until its status is completed\n  curl {base}/v1/videos/ID/content{key} -o fox.mp4"));
    if serve.accounts {
        say("Accounts: kinora admin open NAME --plan pro, kinora admin key NAME");
    }
}

/// Makes films for a service on the same folder until told to stop.
pub(crate) fn worker(at: &Where, work: &Work) -> Result<()> {
    let config = config(at, work);
    let (engine, worker) = (engine()?, config.worker.clone());
    block_on(async {
        let service = Service::open(config, engine, clock()).await?;
        let Some(worker) = worker else { return Ok(()) };
        say(&format!("kinora: working for {}", worker.folder.display()));
        kinora_server::serve::work(service, worker).await;
        Ok::<(), Error>(())
    })??;
    Ok(())
}

/// Runs one of the operator's commands.
pub(crate) fn admin(at: &Where, command: &Admin) -> Result<()> {
    let data = at.data.clone().unwrap_or_else(usual_folder);
    let said = block_on(async {
        let desk = kinora_server::admin::Admin::open(&data).await?;
        match command {
            Admin::Open { name, plan, months } => desk.open_account(name, plan, (*months).into()).await,
            Admin::Accounts => desk.accounts().await,
            Admin::Plan { name, plan, months } => desk.change(name, Change { plan: Some((plan.clone(), (*months).into())), ..Change::default() }).await,
            Admin::Limit { name, slots, rate } => desk.change(name, Change { slots: *slots, rate: *rate, ..Change::default() }).await,
            Admin::Close { name } => desk.change(name, Change { open: Some(false), ..Change::default() }).await,
            Admin::Reopen { name } => desk.change(name, Change { open: Some(true), ..Change::default() }).await,
            Admin::Grant { name, credits, note } => desk.grant(name, *credits, note).await,
            Admin::Key { name } => desk.new_key(name).await,
            Admin::Pair { name } => desk.new_pair(name).await,
            Admin::Keys { name } => desk.keys(name).await,
            Admin::Revoke { key } => desk.revoke(*key).await,
            Admin::Hook { name, rotate } => desk.change(name, Change { rotate_hook: *rotate, ..Change::default() }).await,
            Admin::Ledger { name, limit } => desk.ledger(name, (*limit).into()).await,
            Admin::Letters { again } => desk.letters(*again).await,
            Admin::Audit => desk.audit().await,
        }
    })??;
    print(&(serde_json::to_string_pretty(&said)? + "\n"))
}
