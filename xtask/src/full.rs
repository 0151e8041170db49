//! `cargo xtask full`: the service under faults and load, on this machine alone. Server and worker are killed at random while films are
//! ordered and made; callbacks go to who is slow, wrong or dead; clocks jump; the disk is full; bodies are large; queues are long. Afterwards
//! no task, credit or file may be lost or doubled.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Runs all, or with names only those: `kills`, `disk`, `bodies`, `load`, `queue`. `--quick` does less of each; KINORA_PROGRAM is the program,
/// if not one that is built now.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let given = std::env::var_os("KINORA_PROGRAM").map(PathBuf::from);
    with(&given.map_or_else(|| crate::bench::built(root), Ok)?, arguments)
}

/// The same with a program that is there.
pub(crate) fn with(program: &Path, arguments: &[String]) -> Result<()> {
    let quick = arguments.iter().any(|a| a == "--quick");
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    let wanted = |name: &str| named.is_empty() || named.contains(&name);
    if wanted("kills") {
        kills(program, if quick { 6 } else { 50 })?;
    }
    if wanted("disk") {
        full_disk(program)?;
    }
    if wanted("bodies") {
        bodies(program)?;
    }
    if wanted("load") {
        load(program, if quick { 3 } else { 30 })?;
    }
    if wanted("queue") {
        queue(program, if quick { 3_000 } else { 100_000 })?;
    }
    println!("full: everything held");
    Ok(())
}

/// A small source of chance.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |d| d.as_nanos() as u64);
        println!("seed {seed}");
        Self(seed | 1)
    }
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// A folder and the processes on it; all are gone at the end.
struct Site {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
    worker: Option<Child>,
    key: String,
}

impl Site {
    fn new(program: &Path, name: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("kinora-full-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Self::at(program, folder)
    }

    fn at(program: &Path, folder: PathBuf) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut site = Self { program: program.to_owned(), folder, port, server: None, worker: None, key: String::new() };
        site.admin(&["open", "tester", "--plan", "enterprise"])?;
        site.admin(&["grant", "tester", "10000000"])?;
        site.admin(&["limit", "tester", "--slots", "1000000", "--rate", "0"])?;
        site.key = site.admin(&["key", "tester"])?["key"].as_str().context("a key")?.to_owned();
        Ok(site)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn admin(&self, arguments: &[&str]) -> Result<Value> {
        let output = Command::new(&self.program).args(["admin", "--data"]).arg(self.data()).args(arguments).output()?;
        ensure!(output.status.success(), "admin {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn command(&self, what: &str, clock: i64) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(what).arg("--data").arg(self.data()).env("KINORA_TEST_CLOCK_MS", clock.to_string()).env("KINORA_CACHE", "off").env("KINORA_VOICES", "off");
        command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        command
    }

    fn serve(&mut self, clock: i64, more: &[&str]) -> Result<()> {
        let mut command = self.command("serve", clock);
        command.args([
            "--accounts",
            "--no-worker",
            "--quiet",
            "--private-callbacks",
            "--callback-pause",
            "0.005",
            "--queue",
            "1000000",
            "--keep-days",
            "1",
            "--listen",
        ]);
        self.server = Some(command.arg(format!("127.0.0.1:{}", self.port)).args(more).spawn()?);
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer")
    }

    fn work(&mut self, clock: i64) -> Result<()> {
        self.worker = Some(self.command("worker", clock).args(["--lease", "2", "--jobs", "2", "--threads", "1", "--keep-days", "1"]).spawn()?);
        Ok(())
    }

    /// As if the machine had lost power for this process.
    fn kill(child: &mut Option<Child>) {
        if let Some(mut child) = child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn line(&self) -> Line {
        Line { port: self.port, key: self.key.clone(), stream: None }
    }

    fn memory(&self) -> u64 {
        let id = self.server.as_ref().map_or(0, Child::id);
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        Self::kill(&mut self.server);
        Self::kill(&mut self.worker);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A connection that is kept, and made anew when it breaks.
struct Line {
    port: u16,
    key: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    fn call(&mut self, method: &str, path: &str, body: &str) -> Result<(u16, String)> {
        let said = self.attempt(method, path, body.as_bytes());
        if said.is_err() {
            self.stream = None;
        }
        said
    }

    fn attempt(&mut self, method: &str, path: &str, body: &[u8]) -> Result<(u16, String)> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(30)))?;
            stream.set_write_timeout(Some(Duration::from_secs(30)))?;
            self.stream = Some(BufReader::new(stream));
        }
        let Some(stream) = &mut self.stream else { bail!("no connection") };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let (mut status, mut length, mut text) = (0, 0_usize, String::new());
        loop {
            text.clear();
            ensure!(stream.read_line(&mut text)? > 0, "cut off");
            let line = text.trim_end().to_ascii_lowercase();
            if status == 0 {
                status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("a status")?;
            } else if let Some(n) = line.strip_prefix("content-length: ") {
                length = n.parse()?;
            } else if line.is_empty() {
                break;
            }
        }
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes)?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// A film that takes a moment, as a plan: the same bytes every time.
fn film(external: &str, callback: Option<&str>) -> String {
    let plan = json!({ "version": 1, "seed": 7, "silent": true, "fps": 24, "size": { "width": 64, "height": 64 }, "scenes": [{ "id": "s", "place": "meadow" }],
        "shots": [{ "id": "a", "scene": "s", "length": "2 s" }] });
    json!({ "plan": plan, "external_task_id": external, "callback_url": callback }).to_string()
}

/// Who is told of things: now at once, now late, now not at all. Notes what it heard well.
fn receiver(heard: Arc<Mutex<BTreeSet<(String, String)>>>, stop: Arc<AtomicBool>) -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        let count = AtomicUsize::new(0);
        for stream in listener.incoming() {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let (Ok(stream), heard, mood) = (stream, heard.clone(), count.fetch_add(1, Ordering::SeqCst) % 7) else { continue };
            std::thread::spawn(move || {
                let _ = receive(stream, &heard, mood);
            });
        }
    });
    Ok(port)
}

fn receive(stream: TcpStream, heard: &Mutex<BTreeSet<(String, String)>>, mood: usize) -> Result<()> {
    if mood == 0 {
        // Hangs up without a word.
        return Ok(());
    }
    let mut stream = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0_usize);
    while {
        text.clear();
        stream.read_line(&mut text)? > 2
    } {
        if let Some(n) = text.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = n.trim().parse()?;
        }
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    if mood == 1 {
        std::thread::sleep(Duration::from_secs(2));
    }
    if mood == 2 {
        stream.get_mut().write_all(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")?;
        return Ok(());
    }
    let body: Value = serde_json::from_slice(&bytes)?;
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    heard.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?.insert((word(&body["data"]["id"]), word(&body["data"]["status"])));
    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
    Ok(())
}

/// kill -9 of server and worker at random moments, with clocks that jump by up to a day and a half; films are kept for a day, and none may go.
fn kills(program: &Path, rounds: usize) -> Result<()> {
    let (mut site, mut dice) = (Site::new(program, "kills")?, Dice::new());
    let (heard, stop, quiet) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let ear = receiver(heard.clone(), quiet.clone())?;
    let mut hours = || (dice.roll(72) as i64 - 36) * 3_600_000;
    site.serve(hours(), &[])?;
    site.work(hours())?;
    // Orders go on all the time; what was answered is noted, what was not may or may not be there.
    let (known, tried) = (Arc::new(Mutex::new(BTreeMap::new())), Arc::new(AtomicUsize::new(0)));
    let orders = {
        let (mut line, stop, known, tried) = (site.line(), stop.clone(), known.clone(), tried.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                let n = tried.fetch_add(1, Ordering::SeqCst);
                let url = if n % 10 == 9 { "http://127.0.0.1:9/dead".to_owned() } else { format!("http://127.0.0.1:{ear}/hook") };
                let external = format!("film-{n}");
                if let Ok((200, body)) = line.call("POST", "/v1/videos", &film(&external, Some(&url)))
                    && let Ok(video) = serde_json::from_str::<Value>(&body)
                    && let Ok(mut known) = known.lock()
                {
                    known.insert(external, video["id"].as_str().unwrap_or_default().to_owned());
                }
                std::thread::sleep(Duration::from_millis(400));
            }
        })
    };
    let mut killed = (0, 0);
    for round in 0..rounds {
        let dice = &mut dice;
        std::thread::sleep(Duration::from_millis(100 + dice.roll(1500)));
        let clock = (dice.roll(72) as i64 - 36) * 3_600_000;
        if round % 2 == 0 {
            Site::kill(&mut site.worker);
            site.work(clock)?;
            killed.1 += 1;
        }
        if round % 2 == 1 || dice.roll(4) == 0 {
            Site::kill(&mut site.server);
            site.serve(clock, &[])?;
            killed.0 += 1;
        }
    }
    stop.store(true, Ordering::SeqCst);
    ensure!(orders.join().is_ok(), "the one who orders panicked");
    println!("kills: {} of the server, {} of the worker, {} films ordered", killed.0, killed.1, tried.load(Ordering::SeqCst));
    let (known, mut line) = (known.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?.clone(), site.line());
    wait(Duration::from_secs(1800), || {
        // One answer for both: between two, a film whose worker was killed goes from running back to the queue.
        let load = &site.admin(&["audit"])?["load"];
        Ok(load["queued"] == 0 && load["running"] == 0)
    })?;
    let mut videos = BTreeMap::new();
    let mut after = String::new();
    loop {
        let (status, body) = line.call("GET", &format!("/v1/videos?limit=100{after}"), "")?;
        ensure!(status == 200, "{status}: {body}");
        let page: Value = serde_json::from_str(&body)?;
        for video in page["data"].as_array().into_iter().flatten() {
            let id = video["id"].as_str().unwrap_or_default().to_owned();
            ensure!(videos.insert(id.clone(), video.clone()).is_none(), "{id} is there twice");
            ensure!(video["status"] == "completed", "{video}");
        }
        if page["has_more"] != true {
            break;
        }
        after = format!("&after={}", page["last_id"].as_str().unwrap_or_default());
    }
    for (external, id) in &known {
        ensure!(videos.contains_key(id), "{external}, {id}: was answered and is lost");
    }
    ensure!(videos.len() <= tried.load(Ordering::SeqCst), "more films than were ordered");
    let mut first: Option<String> = None;
    for id in videos.keys() {
        let number = id.trim_start_matches("video_");
        let path = site.data().join("films").join(format!("{:02}", number.parse::<i64>()? % 100)).join(number).join("film.mp4");
        let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
        let text = format!("{}-{:x}", bytes.len(), bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)));
        ensure!(*first.get_or_insert_with(|| text.clone()) == text, "{id} has other bytes than the others");
    }
    let audit = site.admin(&["audit"])?;
    let price = videos.values().next().and_then(|v| v["credits"].as_f64()).unwrap_or(0.0);
    ensure!(audit["spent"].as_f64() == Some(price * videos.len() as f64), "spent {} for {} films of {price}", audit["spent"], videos.len());
    wait(Duration::from_secs(900), || Ok(site.admin(&["audit"])?["load"]["callbacks"] == 0))?;
    let letters = site.admin(&["letters"])?;
    let dead: BTreeSet<&str> = letters.as_array().into_iter().flatten().filter_map(|l| l["task"].as_str()).collect();
    let heard = heard.lock().map_err(|_| anyhow::anyhow!("a thread panicked"))?.clone();
    for id in videos.keys().filter(|id| !dead.contains(id.trim_start_matches("video_"))) {
        for status in ["queued", "in_progress", "completed"] {
            ensure!(heard.contains(&(id.clone(), status.to_owned())), "{id} {status} was not told");
        }
    }
    quiet.store(true, Ordering::SeqCst);
    println!(
        "kills: {} films, all the same bytes, {} answered and none lost; spent {}; {} dead letters; the ledger balances",
        videos.len(),
        known.len(),
        audit["spent"],
        dead.len()
    );
    Ok(())
}

fn wait(longest: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < longest {
        // The database may be busy; it is asked again.
        if done().unwrap_or(false) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    bail!("after {longest:?} it is not done")
}

/// A disk of 24 MB fills up with films: orders are refused, nothing is lost, and when there is room all goes on.
fn full_disk(program: &Path) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("kinora-full-disk-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(&folder).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    if !mounted {
        std::fs::remove_dir_all(&folder)?;
        println!("disk: skipped, a small disk cannot be mounted here (it takes root)");
        return Ok(());
    }
    let held = on_small_disk(program, &folder);
    let _ = Command::new("umount").arg("-l").arg(&folder).status();
    let _ = std::fs::remove_dir(&folder);
    held
}

fn on_small_disk(program: &Path, folder: &Path) -> Result<()> {
    let mut site = Site::at(program, folder.to_owned())?;
    site.serve(0, &[])?;
    let mut line = site.line();
    // The service sees that there is too little room, and says so.
    let (status, body) = line.call("POST", "/v1/videos", &film("a", None))?;
    ensure!(status == 503 && body.contains("room"), "with 24 MB of disk an order is refused: {status} {body}");
    Site::kill(&mut site.server);
    site.serve(0, &["--free-mb", "0"])?;
    // A worker that is there before; one that starts on a full disk ends, and is started again by whoever looks after it.
    site.work(0)?;
    std::thread::sleep(Duration::from_secs(2));
    let ballast = folder.join("ballast");
    let mut taken = Vec::new();
    for n in 0..4 {
        let (status, body) = line
            .call("POST", "/v1/videos", &film(&format!("before-{n}"), None))
            .or_else(|_| line.call("POST", "/v1/videos", &film(&format!("before-{n}"), None)))?;
        ensure!(status == 200, "{status}: {body}");
        taken.push(serde_json::from_str::<Value>(&body)?["id"].as_str().unwrap_or_default().to_owned());
    }
    // Now it is full to the last byte.
    let mut file = std::fs::File::create(&ballast)?;
    while file.write_all(&[0; 4096]).is_ok() {}
    let mut refused = 0;
    for n in 0..400 {
        match line.call("POST", "/v1/videos", &film(&format!("full-{n}"), None)) {
            Ok((200, body)) => taken.push(serde_json::from_str::<Value>(&body)?["id"].as_str().unwrap_or_default().to_owned()),
            Ok((503, _)) => refused += 1,
            Ok((status, body)) => bail!("a full disk is answered with {status}: {body}"),
            Err(e) => bail!("the server broke: {e}"),
        }
    }
    ensure!(refused > 0, "a full disk refuses orders");
    std::thread::sleep(Duration::from_secs(6));
    drop(file);
    std::fs::remove_file(&ballast)?;
    for id in &taken {
        wait(Duration::from_secs(600), || {
            let (status, body) = line.call("GET", &format!("/v1/videos/{id}"), "")?;
            let video: Value = serde_json::from_str(&body)?;
            ensure!(status == 200 && video["status"] != "failed", "{video}");
            Ok(video["status"] == "completed")
        })?;
    }
    site.admin(&["audit"])?;
    println!("disk: {refused} orders refused, {} taken, and all made once there was room; the ledger balances", taken.len());
    Ok(())
}

/// Bodies of 10 MB, many at once: each is refused, and memory stays.
fn bodies(program: &Path) -> Result<()> {
    let mut site = Site::new(program, "bodies")?;
    site.serve(0, &[])?;
    let body = vec![b' '; 10_000_000];
    let before = site.memory();
    let refused: usize = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..16)
            .map(|_| {
                let (mut line, body) = (site.line(), &body);
                scope.spawn(move || {
                    (0..6)
                        .filter(|_| match line.attempt("POST", "/v1/videos", body) {
                            Ok((status, _)) => {
                                line.stream = None;
                                status == 413
                            }
                            // It hangs up on who goes on sending.
                            Err(_) => {
                                line.stream = None;
                                true
                            }
                        })
                        .count()
                })
            })
            .collect();
        senders.into_iter().map(|s| s.join().unwrap_or(0)).sum()
    });
    ensure!(refused == 96, "{refused} of 96 refused");
    let (status, _) = site.line().call("GET", "/v1/videos", "")?;
    ensure!(status == 200, "it still answers");
    println!("bodies: 96 of 10 MB refused; memory {} -> {} kB", before, site.memory());
    ensure!(site.memory() < before + 200_000, "memory grew");
    Ok(())
}

/// Times of many calls.
struct Times(Vec<f64>);

impl Times {
    /// The time in seconds that 99 of 100 stay under.
    fn p99(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(0.0)
    }
    fn text(&mut self, seconds: f64) -> String {
        self.0.sort_by(f64::total_cmp);
        let at = |share: f64| self.0.get(((self.0.len() as f64 * share) as usize).min(self.0.len().saturating_sub(1))).copied().unwrap_or(0.0) * 1000.0;
        format!(
            "{} in {seconds:.1} s = {:.0} a second; p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            self.0.len(),
            self.0.len() as f64 / seconds,
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}

/// One call on a line, by its number: the status and the body.
type Call<'a> = dyn Fn(&mut Line, usize) -> Result<(u16, String)> + Sync + 'a;

/// Calls at a fixed rate from several connections; times count from when a call was due, so that waiting counts.
fn at_rate(site: &Site, connections: usize, rate: f64, seconds: f64, call: &Call) -> Result<(Times, f64)> {
    let (begun, total) = (Instant::now(), (rate * seconds) as usize);
    let next = AtomicUsize::new(0);
    let times: Vec<Result<Vec<f64>>> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..connections)
            .map(|_| {
                let (mut line, next) = (site.line(), &next);
                scope.spawn(move || {
                    let mut times = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        if n >= total {
                            return Ok(times);
                        }
                        let due = Duration::from_secs_f64(n as f64 / rate);
                        std::thread::sleep(due.saturating_sub(begun.elapsed()));
                        let (status, body) = call(&mut line, n)?;
                        ensure!(status == 200, "{status}: {body}");
                        times.push((begun.elapsed() - due).as_secs_f64());
                    }
                })
            })
            .collect();
        callers.into_iter().map(|c| c.join().unwrap_or_else(|_| bail!("a caller panicked"))).collect()
    });
    let mut all = Vec::new();
    for one in times {
        all.extend(one?);
    }
    Ok((Times(all), begun.elapsed().as_secs_f64()))
}

const ORDER: &str = r#"{"prompt":"A red fox walks through a snowy forest at sunset","seconds":"5","model":"kling-v2-5-turbo"}"#;

/// 500 orders and 3,000 questions a second, with workers paused.
fn load(program: &Path, seconds: u64) -> Result<()> {
    let mut site = Site::new(program, "load")?;
    site.serve(0, &[])?;
    let before = site.memory();
    let create = |line: &mut Line, _: usize| line.call("POST", "/v1/videos", ORDER);
    let (mut times, took) = at_rate(&site, 32, 500.0, seconds as f64, &create)?;
    let slowest = times.p99();
    println!("load: creates {}", times.text(took));
    // A moment's load on a busy machine says little; half a minute must hold.
    ensure!(seconds < 30 || slowest < 0.1, "the slowest 1 of 100 creates takes {:.0} ms, and must stay under 100 ms", slowest * 1000.0);
    let middle = site.memory();
    let ids: Vec<String> = {
        let (_, body) = site.line().call("GET", "/v1/videos?limit=100", "")?;
        let page: Value = serde_json::from_str(&body)?;
        page["data"].as_array().into_iter().flatten().filter_map(|v| v["id"].as_str().map(str::to_owned)).collect()
    };
    let read = |line: &mut Line, n: usize| line.call("GET", &format!("/v1/videos/{}", ids[n % ids.len()]), "");
    let (mut times, took) = at_rate(&site, 32, 3000.0, seconds as f64, &read)?;
    println!("load: status {}", times.text(took));
    println!("load: memory {before} kB, {middle} kB after creates, {} kB after status", site.memory());
    let audit = site.admin(&["audit"])?;
    let wanted = seconds as f64 * 500.0 * 10.0;
    ensure!(audit["held"].as_f64() == Some(wanted), "held {}, and {wanted} were ordered", audit["held"]);
    println!("load: {} credits held, the ledger balances", audit["held"]);
    Ok(())
}

/// A long queue: it can be filled, asked about, claimed from in order, cancelled from, and the sum is right.
fn queue(program: &Path, jobs: usize) -> Result<()> {
    let mut site = Site::new(program, "queue")?;
    site.serve(0, &[])?;
    let begun = Instant::now();
    let create = |line: &mut Line, _: usize| line.call("POST", "/v1/videos", ORDER);
    let (mut times, took) = at_rate(&site, 64, 100_000.0, jobs as f64 / 100_000.0, &create)?;
    println!("queue: filled with {} ({:.0} s)", times.text(took), begun.elapsed().as_secs_f64());
    let audit = site.admin(&["audit"])?;
    ensure!(audit["load"]["queued"] == jobs, "{} wait", audit["load"]["queued"]);
    let (mut line, mut slowest) = (site.line(), Duration::ZERO);
    for _ in 0..50 {
        let begun = Instant::now();
        let (status, body) = line.call("POST", "/v1/videos", ORDER)?;
        ensure!(status == 200, "{status}: {body}");
        let id = serde_json::from_str::<Value>(&body)?["id"].as_str().unwrap_or_default().to_owned();
        let (status, body) = line.call("POST", &format!("/v1/videos/{id}/cancel"), "")?;
        ensure!(status == 200 && body.contains("cancelled"), "{status}: {body}");
        slowest = slowest.max(begun.elapsed());
    }
    site.admin(&["audit"])?;
    println!(
        "queue: {jobs} waiting; ordering and cancelling takes at most {:.0} ms; memory {} kB; the ledger balances",
        slowest.as_secs_f64() * 1000.0,
        site.memory()
    );
    Ok(())
}
