//! `hub serve`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use catalog::clock::{Clock, SystemClock};
use hub::database::Address;
use hub::intake::{ClientCertificates, Intake, IntakeKeys, Limits};
use hub::retention::keep_applying;
use hub::serve::{Connections, Services, acceptor, raise_open_files};
use hub::store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::days;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the release
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: String,
    /// Also take in what terminals hand in, with the keys that `hub intake keys` made
    #[arg(long, value_name = "DIR", requires = "database")]
    keys: Option<PathBuf>,
    /// Where it is kept: a file, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        value_name = "DATABASE",
        requires = "keys",
        env = "HUB_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
    /// End TLS here, with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Whether terminals must show their certificates; only where TLS ends here
    #[arg(long, value_enum, default_value = "optional", requires_all = ["tls_certificate", "keys"])]
    client_certificates: Certificates,
    /// The address of a proxy in front, whose X-Forwarded-For says who asks, and which may hold any number of connections;
    /// may be given several times
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    /// For how many days what is kept, as in `hub/retention.toml.example`, which holds where absent; applied once a day
    #[arg(long, value_name = "FILE", requires = "keys")]
    retention: Option<PathBuf>,
    /// How many MiB of envelopes one terminal may hand in within 24 hours; what is over waits at the terminal
    #[arg(long, default_value_t = 512, value_name = "MIB", requires = "keys", value_parser = clap::value_parser!(u32).range(16..))]
    device_mib_per_day: u32,
    /// For how many days a terminal's certificate holds
    #[arg(long, default_value_t = 7, value_name = "DAYS", requires = "keys", value_parser = clap::value_parser!(u32).range(1..=365))]
    certificate_days: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Certificates {
    /// A terminal's signature on each request is enough
    Optional,
    /// Everything but enrolment needs a certificate
    Required,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let Arguments {
        repository, listen, ..
    } = &arguments;
    ensure!(repository.is_dir(), "{} is not a folder", repository.display());
    let services = services(&arguments).await?;
    let scheme = if services.tls.is_some() { "https" } else { "http" };
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!(
        "serving {} at {scheme}://{}/",
        repository.display(),
        listener.local_addr()?
    );
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    hub::serve::serve_all(services, listener, stop)
        .await
        .context("the server stopped")
}

async fn services(arguments: &Arguments) -> Result<Services> {
    let keys = arguments
        .keys
        .as_deref()
        .map(|folder| IntakeKeys::open(folder, days(arguments.certificate_days)))
        .transpose()?;
    let authority = keys.as_ref().map(|keys| keys.authority_certificate.clone());
    let tls = match (&arguments.tls_certificate, &arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(acceptor(certificate, key, authority.as_deref())?),
        _ => None,
    };
    let certificates = match arguments.client_certificates {
        Certificates::Optional => ClientCertificates::Optional,
        Certificates::Required => ClientCertificates::Required,
    };
    let intake = match (keys, &arguments.database) {
        (Some(keys), Some(database)) => {
            let address: Address = database.parse()?;
            let store = Store::open(&address).await?;
            let clock = Arc::new(SystemClock);
            let policy = super::retention::policy(arguments.retention.as_deref())?;
            tokio::spawn(keep_applying(
                store.clone(),
                policy,
                Arc::clone(&clock) as Arc<dyn Clock>,
            ));
            Some(Arc::new(Intake::new(
                store,
                keys,
                clock,
                certificates,
                Limits {
                    trusted_proxies: arguments.trusted_proxy.clone(),
                    device_bytes_per_day: u64::from(arguments.device_mib_per_day) << 20,
                    ..Limits::default()
                },
            )))
        }
        _ => None,
    };
    Ok(Services {
        folder: arguments.repository.clone(),
        intake,
        tls,
        connections: Connections {
            trusted_proxies: arguments.trusted_proxy.clone(),
            ..Connections::within(raise_open_files())
        },
    })
}
