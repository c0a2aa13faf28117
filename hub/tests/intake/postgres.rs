//! A PostgreSQL of our own, for one test.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hub::database::{Database as _, DatabaseError, Patience, Postgres};
use tokio_postgres::NoTls;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running server; dropping it ends it and removes its data.
pub(crate) struct Server {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts a server from the Debian package `postgresql`. `None` where it is not installed, which in
    /// continuous integration (`CI` is set) is a failure.
    pub(crate) async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "the package postgresql is missing: install it, this machine is to test everything"
            );
            eprintln!("NOT TESTED over PostgreSQL: install the package postgresql");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            for path in [folder.path(), &data] {
                chown(path, Some(uid), Some(gid)).unwrap();
            }
        }
        std::fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
        let command = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .current_dir(folder.path());
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let made = command("initdb")
            .args([
                "--username=hub",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = command("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args([
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=100",
            ])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            port,
            _folder: folder,
        };
        let start = Instant::now();
        while tokio_postgres::connect(&server.url("postgres"), NoTls)
            .await
            .is_err()
        {
            assert!(start.elapsed() < PATIENCE, "PostgreSQL does not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(server)
    }

    /// A new, empty database.
    pub(crate) async fn database(&self, name: &str) -> String {
        let (client, connection) = tokio_postgres::connect(&self.url("postgres"), NoTls)
            .await
            .unwrap();
        let connection = tokio::spawn(connection);
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        self.url(name)
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://hub@127.0.0.1:{}/{name}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its other processes end when they see it gone.
        let _already_ended = self.process.kill();
        let _status = self.process.wait();
    }
}

/// Asks for more than comes, over every connection of a pool.
pub(crate) async fn an_answer_that_does_not_come_costs_its_connection_and_no_other(server: &Server) {
    let patience = Patience {
        answer: Duration::from_secs(5),
        ..Patience::default()
    };
    let url = server.database("patience").await;
    let database = Postgres::connect_with(&url, patience).await.unwrap();
    let asleep = "SELECT CAST(1 AS BIGINT) FROM pg_sleep(3600)";
    let asked = (0..8).map(|_| database.query(asleep, Vec::new()));
    for late in futures_util::future::join_all(asked).await {
        assert!(matches!(late, Err(DatabaseError::Late(_))), "{late:?}");
    }
    let rows = database.query("SELECT 'ok'", Vec::new()).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "ok");
}

/// The folder of the server's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let newest = versions
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .max()?;
    let folder = Path::new("/usr/lib/postgresql")
        .join(newest.to_string())
        .join("bin");
    folder.join("initdb").is_file().then_some(folder)
}

/// As whom to run it, where the test runs as root, which PostgreSQL refuses: as the package's own user.
fn unprivileged() -> Option<(u32, u32)> {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix("postgres:")?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    is_root.then(|| user.expect("the package makes the user postgres"))
}
