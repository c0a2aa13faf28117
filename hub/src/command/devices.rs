//! `hub devices`.

use anyhow::{Context as _, Result, ensure};
use catalog::clock::{Clock as _, SystemClock};
use catalog::submission::DeviceId;
use catalog::submission::enrolment::{self, Standing};
use clap::Subcommand;
use hub::store::{Device, Store};
use jiff::Timestamp;

use super::{Database, Staff};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the terminals, those that wait for approval first
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Show one terminal, with the fingerprint to compare with its screen
    Show {
        #[command(flatten)]
        database: Database,
        /// The code on its screen, the text of its QR code, or its name
        device: String,
    },
    /// Let a terminal hand in, after comparing the fingerprint
    Approve {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        staff: Staff,
        /// The code on its screen, the text of its QR code, or its name
        device: String,
    },
    /// Never let a terminal hand in again with this key
    Revoke {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        staff: Staff,
        /// The code on its screen, the text of its QR code, or its name
        device: String,
    },
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::List { database } => {
            for device in database.open().await?.devices().await? {
                println!("{}", line(&device));
            }
            Ok(())
        }
        Command::Show { database, device } => {
            let device = find(&database.open().await?, &device).await?;
            show(&device);
            Ok(())
        }
        Command::Approve {
            database,
            staff,
            device,
        } => decide(&database, &staff, &device, Standing::Approved).await,
        Command::Revoke {
            database,
            staff,
            device,
        } => decide(&database, &staff, &device, Standing::Revoked).await,
    }
}

async fn find(store: &Store, text: &str) -> Result<Device> {
    let devices = store.devices().await?;
    let ids: Vec<DeviceId> = devices.iter().map(|device| device.id).collect();
    let id = enrolment::find(text, ids).with_context(|| format!("{text:?} means no terminal, or several"))?;
    devices
        .into_iter()
        .find(|device| device.id == id)
        .context("the terminal vanished")
}

async fn decide(database: &Database, staff: &Staff, text: &str, standing: Standing) -> Result<()> {
    let store = database.open().await?;
    let device = find(&store, text).await?;
    let done = store
        .decide(device.id, standing, &staff.name()?, SystemClock.now())
        .await?;
    ensure!(
        done,
        "this terminal was revoked; let it make a new key, which loses what still waits on it and its query codes"
    );
    let device = store.device(device.id).await?.context("the terminal vanished")?;
    show(&device);
    Ok(())
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "待批准",
        Standing::Approved => "已批准",
        Standing::Revoked => "已吊销",
    }
}

fn line(device: &Device) -> String {
    let seen = device
        .seen_at
        .map_or("never seen".to_owned(), |at| format!("seen {at}"));
    let outbox = device.health.as_ref().map_or_else(String::new, |health| {
        format!(
            ", {} waiting, {} quarantined",
            health.outbox.waiting, health.outbox.quarantined
        )
    });
    format!(
        "{}  {}  {}  {}, {seen}{outbox}",
        enrolment::code(device.id),
        standing(device.standing),
        device.place,
        device.division,
    )
}

fn show(device: &Device) {
    println!("{}", line(device));
    println!("name         {}", device.id);
    println!("fingerprint  {}", device.public_key.fingerprint());
    println!("asked        {}", device.asked_at);
    if let Some(decision) = &device.decision {
        println!("decided      {} by {}", decision.at, decision.by);
    }
    let Some(health) = &device.health else {
        return;
    };
    let time = |time: Option<Timestamp>| time.map_or("never".to_owned(), |time| time.to_string());
    println!(
        "reported     {}, agent {}",
        health.reported_at, health.agent_version
    );
    println!(
        "content      generation {}, checked {}",
        health
            .content
            .generation
            .map_or("none".to_owned(), |generation| generation.to_string()),
        time(health.content.checked_at)
    );
    println!(
        "last frame   {}",
        time(health.screen.map(|screen| screen.drawn_at))
    );
    for part in &health.devices {
        println!("{:<12} {:?} since {}", part.kind, part.condition, part.since);
    }
}
