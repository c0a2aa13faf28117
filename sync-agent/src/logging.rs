//! Structured logs. Nothing personal is ever logged: no print's content, no scan, no query.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use terminal_api::logging::may_be_logged;
use tracing::Subscriber;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Starts logging to standard error. The variable `RUST_LOG` chooses what is logged; by default
/// everything from `info` on.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let is_terminal = std::io::stderr().is_terminal();
    subscriber(filter, format, is_terminal, std::io::stderr).init();
}

fn subscriber<W>(filter: EnvFilter, format: LogFormat, has_colours: bool, writer: W) -> impl Subscriber
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_ansi(has_colours).with_writer(writer);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(filter_fn(may_be_logged))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn no_message_of_the_socket_is_logged_however_much_is_asked_for() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let file = tempfile::NamedTempFile::new().unwrap();
            let written = Arc::new(file.reopen().unwrap());
            let everything = EnvFilter::new("trace,zlink_core=trace");
            let subscriber = subscriber(everything, format, false, written);
            tracing::subscriber::with_default(subscriber, || {
                tracing::trace!(target: "zlink_core::connection::read_connection", "a resident's");
                tracing::debug!(target: "zlink_core::server", "a connection's");
                tracing::trace!(target: "sync_agent::scan", "the agent's");
            });
            let written = std::fs::read_to_string(file.path()).unwrap();
            assert!(!written.contains("a resident's"), "{written}");
            assert!(
                written.contains("a connection's") && written.contains("the agent's"),
                "{written}"
            );
        }
    }
}
