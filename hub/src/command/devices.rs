//! `hub devices`.

use anyhow::{Context as _, Result, ensure};
use catalog::clock::{Clock as _, SystemClock};
use catalog::submission::DeviceId;
use catalog::submission::enrolment::{self, Standing};
use clap::Subcommand;
use hub::store::{Device, Store};
use jiff::Timestamp;

use super::{Database, Staff, plain};

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
    /// Take a terminal off the list that waits for approval; one that is on asks again
    Forget {
        #[command(flatten)]
        database: Database,
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
        Command::Forget { database, device } => {
            let store = database.open().await?;
            let device = find(&store, &device).await?;
            ensure!(
                store.forget(device.id).await?,
                "this terminal does not wait for approval; `hub devices revoke` shuts one out"
            );
            println!("{}  forgotten", enrolment::code(device.id));
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
        plain(&device.place),
        plain(&device.division),
    )
}

fn show(device: &Device) {
    println!("{}", report(device));
}

/// All that is known of a terminal, in lines.
fn report(device: &Device) -> String {
    let mut lines = vec![
        line(device),
        format!("name         {}", device.id),
        format!("fingerprint  {}", device.public_key.fingerprint()),
        format!("asked        {}", device.asked_at),
    ];
    if let Some(decision) = &device.decision {
        lines.push(format!("decided      {} by {}", decision.at, decision.by));
    }
    if let Some(health) = &device.health {
        let time = |time: Option<Timestamp>| time.map_or("never".to_owned(), |time| time.to_string());
        lines.push(format!(
            "reported     {}, agent {}",
            health.reported_at,
            plain(&health.agent_version)
        ));
        lines.push(format!(
            "content      generation {}, checked {}",
            health
                .content
                .generation
                .map_or("none".to_owned(), |generation| generation.to_string()),
            time(health.content.checked_at)
        ));
        lines.push(format!(
            "last frame   {}",
            time(health.screen.map(|screen| screen.drawn_at))
        ));
        for part in &health.devices {
            let kind = plain(&part.kind);
            lines.push(format!("{kind:<12} {:?} since {}", part.condition, part.since));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use catalog::submission::{ContentAge, DeviceCondition, DeviceHealth, DeviceKey, Health, Outbox};

    use super::*;

    #[test]
    fn what_a_terminal_says_of_itself_cannot_steer_the_screen_of_staff() {
        let at = Timestamp::UNIX_EPOCH;
        let key = DeviceKey::generate().unwrap().public();
        let part = DeviceHealth {
            kind: "printer\n已批准\u{9b}2J".into(),
            condition: DeviceCondition::Ready,
            since: at,
        };
        let health = Health {
            sequence: 1,
            reported_at: at,
            agent_version: "1.0\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}".into(),
            content: ContentAge {
                generation: None,
                published_at: None,
                checked_at: None,
                problem: None,
            },
            screen: None,
            outbox: Outbox::default(),
            devices: vec![part],
            clock_behind: false,
            free_bytes: 0,
        };
        let device = Device {
            id: DeviceId::of(&key),
            public_key: key,
            place: "斜塘街道".into(),
            division: "320571".into(),
            standing: Standing::Pending,
            asked_at: at,
            seen_at: None,
            health: Some(health),
            decision: None,
        };
        let report = report(&device);
        assert!(report.contains("agent 1.0[2J]0;title\n"), "{report:?}");
        assert!(
            report.ends_with("\nprinter已批准2J Ready since 1970-01-01T00:00:00Z"),
            "{report:?}"
        );
        assert!(
            !report.contains(|c: char| c.is_control() && c != '\n'),
            "{report:?}"
        );
    }
}
