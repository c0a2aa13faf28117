//! A Unix socket on which a simulator is told what happens to it: one JSON object a line, one answer
//! a line.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A control socket; its file is removed when it is dropped.
#[derive(Debug)]
pub struct Control {
    path: PathBuf,
}

impl Control {
    /// Listens at `path`. Every line is read as a `Request` and answered with what `handle` returns, or
    /// with `{"error": …}` when it is none.
    pub fn listen<Request, Answer>(
        path: &Path,
        handle: impl Fn(Request) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Self>
    where
        Request: DeserializeOwned,
        Answer: Serialize,
    {
        // What a simulator that was killed left behind.
        if UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        let handle = Arc::new(handle);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let handle = Arc::clone(&handle);
                thread::spawn(move || serve(&stream, &*handle));
            }
        });
        Ok(Self {
            path: path.to_owned(),
        })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // The socket may be gone with its folder.
        std::fs::remove_file(&self.path).ok();
    }
}

fn serve<Request: DeserializeOwned, Answer: Serialize>(
    stream: &UnixStream,
    handle: &impl Fn(Request) -> Answer,
) {
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let answer = match serde_json::from_str(&line) {
            Ok(request) => serde_json::to_value(handle(request)),
            Err(error) => Ok(json!({"error": error.to_string()})),
        };
        let answer = answer.unwrap_or_else(|error| json!({"error": error.to_string()}));
        if writeln!(&mut &*stream, "{answer}").is_err() {
            return;
        }
    }
}

/// Asks the simulator whose control socket is at `path`.
pub fn ask(path: &Path, request: &Value) -> io::Result<Value> {
    let stream = UnixStream::connect(path)?;
    writeln!(&mut &stream, "{request}")?;
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}
