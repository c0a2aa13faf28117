//! nginx with the example that operators are given, before the release and before the hub.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use url::Url;

/// How long nginx may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the log calls requests, by address.
const KINDS: &str = "map $uri $kind {
    default                 other;
    /metadata/timestamp.json look;
    ~^/(metadata|targets)/  release;
    ~/submissions/          submission;
    ~/(health|counters)$    report;
    ~/generations/          report;
    ~(/enrolments|/certificate)$ enrolment;
}
log_format fleet '$msec $kind $status $request_length $bytes_sent';
";

/// nginx, running or not; dropping it ends it.
#[derive(Debug)]
pub struct Nginx {
    folder: PathBuf,
    /// Where the release is served.
    pub release: SocketAddr,
    /// Where the hub is reached.
    pub hub: SocketAddr,
    child: Option<Child>,
}

impl Nginx {
    /// Writes the configuration for the release in the folder `repository` and the hub at `behind`, and starts.
    pub fn start(folder: &Path, repository: &Path, behind: SocketAddr) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0"));
        let [release, hub] = ports.map(|listener| listener.and_then(|listener| listener.local_addr()));
        let mut nginx = Self {
            folder: folder.to_owned(),
            release: release?,
            hub: hub?,
            child: None,
        };
        let config = nginx.configuration(repository, behind)?;
        catalog::atomic::write(&folder.join("nginx.conf"), config.as_bytes())?;
        nginx.up()?;
        Ok(nginx)
    }

    fn configuration(&self, repository: &Path, behind: SocketAddr) -> Result<String> {
        let (folder, release, hub) = (self.folder.display(), self.release, self.hub);
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hub/nginx.conf.example");
        let mut server = std::fs::read_to_string(&example)
            .with_context(|| format!("cannot read {}", example.display()))?;
        let repository = repository.to_str().context("the folder's name is UTF-8")?;
        for (from, to) in [
            ("listen 80;", format!("listen {release} backlog=4096;")),
            ("/srv/mingchuang/release", repository.to_owned()),
        ] {
            ensure!(server.contains(from), "{} has no {from}", example.display());
            server = server.replace(from, &to);
        }
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
            .concat();
        let user = if rustix::process::geteuid().is_root() {
            "user root;\n"
        } else {
            ""
        };
        Ok(format!(
            "{user}daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n\
             events {{ worker_connections 8192; }}\nhttp {{\n{KINDS}access_log {folder}/access.log fleet;\n{temporary}\
             keepalive_requests 100000000;\nkeepalive_timeout 1h;\n{server}\n\
             upstream hub {{ server {behind}; keepalive 256; keepalive_requests 100000000; }}\n\
             server {{ listen {hub} backlog=4096; location / {{\n\
             proxy_pass http://hub; proxy_http_version 1.1; proxy_set_header Connection \"\";\n}} }}\n}}\n"
        ))
    }

    /// Starts, if it is not running.
    pub fn up(&mut self) -> Result<()> {
        let child = Command::new("nginx")
            .arg("-e")
            .arg(self.folder.join("error.log"))
            .arg("-c")
            .arg(self.folder.join("nginx.conf"))
            .stdin(Stdio::null())
            .spawn()
            .context("nginx cannot be started; `cargo xtask setup` installs it")?;
        let child = self.child.insert(child);
        let start = Instant::now();
        while TcpStream::connect(self.hub).is_err() {
            let ended = child.try_wait()?;
            ensure!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "nginx does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends at once; connections are refused from now on.
    pub fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _already_ended = child.kill();
            let _status = child.wait();
        }
    }

    /// A line for each request.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("access.log")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.down();
    }
}

/// The address of a server as a URL.
#[must_use]
pub fn url(address: SocketAddr) -> Url {
    format!("http://{address}/")
        .parse()
        .expect("an address makes a URL")
}
