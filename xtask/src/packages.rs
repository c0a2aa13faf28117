//! The system packages a Debian-like machine needs, and their installation.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::cargo::step;

/// What the packages are for; a later purpose includes the earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Building and running the terminal.
    Run,
    /// Also the whole-system tests.
    Test,
}

/// A Debian package and what breaks without it.
struct Package {
    name: &'static str,
    purpose: Purpose,
    reason: &'static str,
}

const PACKAGES: [Package; 10] = [
    Package {
        name: "g++",
        purpose: Purpose::Run,
        reason: "compiles SQLite, zstd and the TLS library",
    },
    Package {
        name: "pkg-config",
        purpose: Purpose::Run,
        reason: "finds the libraries below",
    },
    Package {
        name: "libfontconfig-dev",
        purpose: Purpose::Run,
        reason: "finds fonts for the screen",
    },
    Package {
        name: "libxkbcommon-dev",
        purpose: Purpose::Run,
        reason: "keyboards of the desktop window",
    },
    Package {
        name: "librime-dev",
        purpose: Purpose::Run,
        reason: "the Chinese input engine",
    },
    Package {
        name: "rime-data-pinyin-simp",
        purpose: Purpose::Run,
        reason: "its pinyin dictionary",
    },
    Package {
        name: "fonts-noto-cjk",
        purpose: Purpose::Run,
        reason: "Chinese type on screen and paper",
    },
    Package {
        name: "nginx",
        purpose: Purpose::Test,
        reason: "serves a release as an operator's web server would",
    },
    Package {
        name: "chromium",
        purpose: Purpose::Test,
        reason: "opens the phone pages as a phone would",
    },
    Package {
        name: "postgresql",
        purpose: Purpose::Test,
        reason: "the hub's larger database",
    },
];

/// Installs what is missing for `purpose`, or says what to install.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    let missing: Vec<_> = PACKAGES
        .iter()
        .filter(|package| package.purpose <= purpose && !is_installed(package.name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("System packages that are missing:");
    for package in &missing {
        println!("  {:<24} {}", package.name, package.reason);
    }
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    let Some(prefix) = privilege() else {
        bail!(
            "install them, then run this again:\n  sudo apt-get install --no-install-recommends {}",
            names.join(" ")
        );
    };
    let apt = |arguments: &[&str]| {
        let mut words = prefix.to_vec();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(arguments).stdin(Stdio::null());
        command
    };
    step("package lists", &mut apt(&["update"]))?;
    step(
        "package installation",
        apt(&["install", "--yes", "--no-install-recommends"]).args(&names),
    )
    .context("apt could not install the missing packages")
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

/// How to become root without asking anybody: nothing to add, `sudo`, or not at all.
fn privilege() -> Option<&'static [&'static str]> {
    let succeeds = |command: &mut Command| {
        command
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|o| o.status.success())
    };
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !succeeds(Command::new("apt-get").arg("--version")) {
        None
    } else if is_root {
        Some(&[])
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}
