//! A place with one terminal: its keys, its release, its hub, its printer and its agent.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::programs::{self, Program};

/// The content set that ships with the hub.
#[must_use]
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample")
}

/// A folder in which a whole terminal lives; dropping it ends every program.
#[derive(Debug)]
pub struct Terminal {
    folder: PathBuf,
    /// Serves the release; `None` before [`serve`](Self::serve) and while the network is down.
    pub hub: Option<Program>,
    /// The agent; `None` while it is away.
    pub agent: Option<Program>,
    /// The printer's other end.
    pub printer: Option<Simulator>,
    /// The scanner's other end.
    pub scanner: Option<Simulator>,
    /// The card reader's other end.
    pub card_reader: Option<Simulator>,
    model: PrinterModel,
    address: String,
}

/// What is plugged in as the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterModel {
    /// Paper 80 mm wide; slips drop.
    Generic,
    /// Built into the panel, with a bezel that holds a slip until it is taken.
    Kiosk,
}

/// Whether QR codes may lead to the hub's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicAddress {
    /// Codes carry the address of the page on the hub.
    Hub,
    /// The place has no public address: codes carry the text itself.
    None,
}

impl Terminal {
    /// Makes keys and publishes the sample into `folder`.
    pub fn publish(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let terminal = Self {
            folder: folder.to_owned(),
            hub: None,
            agent: None,
            printer: None,
            scanner: None,
            card_reader: None,
            model: PrinterModel::Generic,
            address: String::new(),
        };
        programs::run("hub", &["keys", "new", &terminal.text("keys")])?;
        terminal.publish_again(&sample())?;
        Ok(terminal)
    }

    /// A whole terminal at work: its hub, its devices, its content and its agent; with where its configuration is.
    pub fn at_work(folder: &Path, public: PublicAddress) -> Result<(Self, PathBuf)> {
        Self::at_work_with(folder, public, PrinterModel::Generic)
    }

    /// The same with a printer of this model.
    pub fn at_work_with(
        folder: &Path,
        public: PublicAddress,
        model: PrinterModel,
    ) -> Result<(Self, PathBuf)> {
        let mut terminal = Self::publish(folder)?;
        terminal.model = model;
        terminal.serve()?;
        terminal.plug_in()?;
        let config = terminal.configure(public)?;
        terminal.pull()?;
        terminal.prepare_input()?;
        terminal.start_agent()?;
        Ok((terminal, config))
    }

    /// Publishes another state of the content to the same release.
    pub fn publish_again(&self, source: &Path) -> Result<()> {
        let source = source.to_str().context("the source folder's name is UTF-8")?;
        programs::run(
            "hub",
            &[
                "publish",
                source,
                "--keys",
                &self.text("keys"),
                "--out",
                &self.text("repo"),
            ],
        )?;
        Ok(())
    }

    /// Starts the hub on a free port of the loopback interface.
    pub fn serve(&mut self) -> Result<()> {
        let listen = if self.address.is_empty() {
            "127.0.0.1:0"
        } else {
            &self.address
        };
        let mut hub = Program::start(
            "hub",
            &["serve", &self.text("repo"), "--listen", listen],
            &self.path("hub.log"),
        )?;
        let line = hub.line()?;
        let at = line
            .find("127.0.0.1:")
            .with_context(|| format!("no address in {line:?}"))?;
        line[at..].trim_end_matches('/').clone_into(&mut self.address);
        self.hub = Some(hub);
        Ok(())
    }

    /// The hub's address, such as `http://127.0.0.1:4711/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Runs one pull to its end; what it printed, or its error.
    pub fn pull(&self) -> Result<String> {
        let (url, root, state) = (self.url(), self.text("keys/root.json"), self.text("state"));
        programs::run(
            "sync-agent",
            &["pull", "--from", &url, "--root", &root, "--state", &state],
        )
    }

    /// Plugs in simulated peripherals.
    pub fn plug_in(&mut self) -> Result<()> {
        let slips = self.text("slips");
        fs::create_dir_all(&slips)?;
        let mut printer = vec!["--out", &slips];
        if self.model == PrinterModel::Kiosk {
            printer.push("--bezel");
        }
        self.printer = Some(Simulator::start("printer", &printer, &self.folder)?);
        self.scanner = Some(Simulator::start("scanner", &[], &self.folder)?);
        self.card_reader = Some(Simulator::start("card", &[], &self.folder)?);
        Ok(())
    }

    /// Writes the terminal's configuration for what is plugged in and returns its path.
    pub fn configure(&self, public: PublicAddress) -> Result<PathBuf> {
        let mut config = format!(
            "[place]\nname = {{ zh = \"苏州工业园区·斜塘街道\", en = \"Xietang, Suzhou Industrial Park\" }}\n\
             division = \"320571\"\n\n\
             [release]\nurl = \"{}\"\nroot = \"{}\"\nstate = \"{}\"\npoll-seconds = 2\n\n\
             [agent]\nsocket = \"{}\"\n\n\
             [kiosk]\ninput-method = \"{}\"\n",
            self.url(),
            self.text("keys/root.json"),
            self.text("state"),
            self.text("agent.sock"),
            self.text("rime"),
        );
        if public == PublicAddress::Hub {
            write!(config, "\n[public]\nurl = \"{}\"\n", self.url())?;
        }
        let devices = [
            ("printer", &self.printer),
            ("scanner", &self.scanner),
            ("card-reader", &self.card_reader),
        ];
        for (section, simulator) in devices {
            if let Some(simulator) = simulator {
                write!(
                    config,
                    "\n[{section}]\nkind = \"tcp\"\naddress = \"{}\"\n",
                    simulator.address
                )?;
            }
            if section == "printer" && self.model == PrinterModel::Kiosk {
                config.push_str("profile = \"kiosk-80\"\n");
            }
        }
        let path = self.path("terminal.toml");
        catalog::atomic::write(&path, config.as_bytes())?;
        Ok(path)
    }

    /// Compiles the data of the Chinese input method, with the words of the release.
    pub fn prepare_input(&self) -> Result<()> {
        programs::run(
            "kiosk",
            &[
                "prepare-input",
                &self.text("rime"),
                "--state",
                &self.text("state"),
            ],
        )?;
        Ok(())
    }

    /// Starts the agent with the written configuration.
    pub fn start_agent(&mut self) -> Result<()> {
        let config = self.text("terminal.toml");
        self.agent = Some(Program::start(
            "sync-agent",
            &["run", "--config", &config],
            &self.path("agent.log"),
        )?);
        let socket = self.path("agent.sock");
        programs::eventually("the agent's socket", || UnixStream::connect(&socket).ok())?;
        Ok(())
    }

    /// A path inside the terminal's folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The slips printed so far, oldest first.
    pub fn slips(&self) -> Result<Vec<PathBuf>> {
        let mut slips = fs::read_dir(self.path("slips"))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        slips.retain(|path| path.extension().is_some_and(|extension| extension == "png"));
        slips.sort();
        Ok(slips)
    }

    fn text(&self, name: &str) -> String {
        self.path(name)
            .to_str()
            .expect("the folder's name is UTF-8")
            .to_owned()
    }
}

/// A running simulator with its control socket.
#[derive(Debug)]
pub struct Simulator {
    _program: Program,
    /// Where the device answers, `host:port`.
    pub address: String,
    control: PathBuf,
}

impl Simulator {
    fn start(device: &str, extra: &[&str], folder: &Path) -> Result<Self> {
        let control = folder.join(format!("{device}.sock"));
        let socket = control.to_str().context("the folder's name is UTF-8")?;
        let mut arguments = vec![device, "--tcp", "127.0.0.1:0", "--control", socket];
        arguments.extend(extra);
        let mut program = Program::start("simulator", &arguments, &folder.join(format!("{device}.log")))?;
        let line = program.line()?;
        let said: Value =
            serde_json::from_str(&line).with_context(|| format!("the {device} simulator said {line:?}"))?;
        let address = said["address"]
            .as_str()
            .with_context(|| format!("no address in {line:?}"))?
            .to_owned();
        Ok(Self {
            _program: program,
            address,
            control,
        })
    }

    /// Sends a command to the control socket and returns the answer.
    pub fn command(&self, command: &Value) -> Result<Value> {
        hardware::simulator::ask(&self.control, command).context("the simulator's control socket")
    }

    /// Lets a condition of the device begin, such as `paper-out`.
    pub fn set(&self, condition: &str) -> Result<Value> {
        self.command(&json!({ "set": condition }))
    }

    /// Lets a condition of the device end.
    pub fn clear(&self, condition: &str) -> Result<Value> {
        self.command(&json!({ "clear": condition }))
    }

    /// The socket on which the device is told what happens to it.
    #[must_use]
    pub fn control(&self) -> &Path {
        &self.control
    }
}
