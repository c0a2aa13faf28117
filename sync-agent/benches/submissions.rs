//! How long a resident waits for "accepted": sealing and committing, in release, on this machine's disk.
//! Nothing is asserted; machines differ.

use std::sync::Arc;
use std::time::{Duration, Instant};

use catalog::clock::SystemClock;
use catalog::submission::sealed::OpeningKey;
use catalog::submission::{DeviceKey, HubKeys};
use sync_agent::agent_db::Memory;
use sync_agent::http::CertificateTime;
use sync_agent::identity::{Enroller, HubClient, Identity};
use sync_agent::outbox::{Setup, Submissions};
use sync_agent::timer::SystemTimer;
use terminal_api::interface::{
    Applicant, ApplicantKind, DeliveryMedium, DeliveryWay, DisclosureApplication, IdentityDocument,
};

/// How many submissions are measured.
const ROUNDS: usize = 500;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let identity = Arc::new(Identity::open(folder.path(), None)?);
    let client = Arc::new(HubClient::new(
        "http://127.0.0.1:9/".parse()?,
        None,
        identity,
        CertificateTime::default(),
    )?);
    let enroller = Enroller::new(Arc::clone(&client), "街道".into(), "320571".into(), folder.path());
    let submissions = Submissions::open(Setup {
        state: folder.path(),
        keys: HubKeys {
            sealing_key: OpeningKey::generate().sealing_key(),
            former_sealing_keys: Vec::new(),
            receipt_keys: vec![DeviceKey::generate()?.public()],
            term_key: "00".repeat(32),
        },
        client,
        enroller: Arc::new(enroller),
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        memory: Memory::OnDisk,
    })?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let id = submissions
            .open_form()
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?
            .id;
        let form = application();
        let start = Instant::now();
        let accepted = submissions.application(&id, form, &[]).await;
        times.push(start.elapsed());
        accepted.map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    }
    times.sort();
    let millis = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    println!("seal and commit an application, {ROUNDS} times (promised: 10 ms)");
    println!("  p50 {}", millis(times[ROUNDS / 2]));
    println!("  p99 {}", millis(times[ROUNDS * 99 / 100]));
    println!("  max {}", millis(times[ROUNDS - 1]));
    Ok(())
}

fn application() -> DisclosureApplication {
    DisclosureApplication {
        applicant: Applicant {
            kind: ApplicantKind::Citizen,
            name: "张三".into(),
            employer: None,
            document: Some(IdentityDocument::ResidentCard),
            number: "11010519491231002X".into(),
            representative: None,
            contact: None,
            phone: "0512-62880000".into(),
            address: "示例路1号".into(),
            postcode: None,
            email: None,
        },
        body: None,
        wanted: "2025年度预算执行情况".repeat(20),
        purpose: None,
        medium: DeliveryMedium::Paper,
        way: DeliveryWay::PickUp,
    }
}
