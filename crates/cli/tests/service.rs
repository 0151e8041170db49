//! The service as a program: it starts without an account, is killed at bad moments, and loses nothing. `cargo xtask full` does far more of it.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A folder with processes on it; all are gone at the end.
struct Site {
    folder: PathBuf,
    server: Option<Child>,
    port: u16,
}

impl Site {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("kinora-serve-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        Self { folder, server: None, port }
    }

    fn start(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kinora"));
        command.arg("serve").arg("--data").arg(&self.folder).args(["--lease", "1", "--threads", "1", "--free-mb", "0", "--listen"]);
        command.arg(format!("127.0.0.1:{}", self.port)).envs([("KINORA_CACHE", "off"), ("KINORA_VOICES", "off")]);
        self.server = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts"));
        for _ in 0..1200 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the service does not answer");
    }

    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    fn call(&self, method: &str, path: &str, body: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes())?;
        let (mut reader, mut line, mut status) = (BufReader::new(stream), String::new(), 0);
        while reader.read_line(&mut line)? > 2 {
            if status == 0 {
                status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
            }
            line.clear();
        }
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok((status, bytes))
    }

    fn json(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, bytes) = self.call(method, path, body).expect("an answer");
        assert_eq!(status, 200, "{method} {path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn audit(data: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_kinora")).args(["admin", "--data"]).arg(data).arg("audit").output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_service_that_is_killed_loses_nothing_and_makes_the_same_film() {
    let plan = json!({ "version": 1, "seed": 7, "silent": true, "fps": 24, "size": { "width": 64, "height": 64 },
        "scenes": [{ "id": "s", "place": "meadow" }], "shots": [{ "id": "a", "scene": "s", "length": "2 s" }] });
    let order = json!({ "plan": plan }).to_string();
    let mut site = Site::new();
    site.start();
    let mut ids = Vec::new();
    for wait in [300, 50, 900] {
        ids.push(site.json("POST", "/v1/videos", &order)["id"].as_str().expect("text").to_owned());
        std::thread::sleep(Duration::from_millis(wait));
        site.kill();
        site.start();
    }
    let mut films = Vec::new();
    for id in &ids {
        let video = loop {
            let video = site.json("GET", &format!("/v1/videos/{id}"), "");
            if video["status"] == "completed" || video["status"] == "failed" {
                break video;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(video["status"], "completed", "{video}");
        films.push(site.call("GET", &format!("/v1/videos/{id}/content"), "").expect("the film").1);
    }
    assert!(films.iter().all(|f| f.len() > 100 && *f == films[0]), "the same plan gives the same bytes, killed or not");
    assert_eq!(site.json("GET", "/v1/videos", "")["data"].as_array().map(Vec::len), Some(3), "three were ordered, three are there");
    assert_eq!(audit(&site.folder)["holds"], true, "and all adds up");
}

#[test]
fn other_machines_are_let_in_only_with_accounts() {
    let output = Command::new(env!("CARGO_BIN_EXE_kinora")).args(["serve", "--listen", "0.0.0.0:0"]).output().expect("the program starts");
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--accounts"), "it says what to do");
}
