//! A hub of one office, and its command.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catalog::submission::enrolment::Enrolment;
use catalog::submission::mailbox::{self, MailboxSecret};
use catalog::submission::sealed::{Label, digest, seal};
use catalog::submission::{
    Applicant, Attachment, Citizen, DeliveryMedium, DeliveryWay, DeviceId, DeviceKey, DisclosureApplication,
    Form, HubKeys, IdentityDocument, Kind, Payload, Receipt, SubmissionId,
};
use hub::database::Address;
use hub::intake::receipts_key;
use hub::store::{Delivery, Intake, Store};
use jiff::Timestamp;

/// A hub's folder with one application in its database, handed in at the end of September 2026.
pub(crate) struct Office {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) device: DeviceId,
    pub(crate) key: DeviceKey,
    pub(crate) secret: MailboxSecret,
    pub(crate) id: SubmissionId,
}

impl Office {
    pub(crate) async fn new() -> Self {
        let secret = MailboxSecret::generate().unwrap();
        let id = SubmissionId::new();
        let mailbox = secret.mailbox(&secret.code(id)).public_key();
        Self::with_mailbox(secret, id, mailbox).await
    }

    /// With an application to be answered to this mailbox.
    pub(crate) async fn with_mailbox(secret: MailboxSecret, id: SubmissionId, mailbox: [u8; 32]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let made = run(folder.path(), &["intake", "keys", keys.to_str().unwrap()]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let store = Store::open(&Address::File(folder.path().join("hub.db")))
            .await
            .unwrap();

        let key = DeviceKey::generate().unwrap();
        let device = DeviceId::of(&key.public());
        let enrolment = Enrolment {
            public_key: key.public(),
            place: "斜塘街道".into(),
            division: "320571".into(),
        };
        store.enrol(&enrolment, received_at()).await.unwrap();
        let office = Self {
            folder,
            store,
            device,
            key,
            secret,
            id,
        };
        let label = Label {
            mailbox: Some(mailbox),
            ..office.label(id, Kind::DisclosureApplication)
        };
        let form = Form::DisclosureApplication(Box::new(application()));
        office.keep(label, &payload(form)).await;
        office
    }

    /// What stands on an envelope of the terminal's, sealed to the hub's key.
    pub(crate) fn label(&self, submission: SubmissionId, kind: Kind) -> Label {
        let public = HubKeys::load(&self.path("keys/hub.json")).unwrap();
        Label {
            key: public.sealing_key.id(),
            device: self.device,
            submission,
            kind,
            regarding: None,
            mailbox: None,
        }
    }

    /// Keeps what the terminal sealed to the hub's key, whatever it is.
    pub(crate) async fn keep(&self, label: Label, content: &[u8]) {
        let public = HubKeys::load(&self.path("keys/hub.json")).unwrap();
        let sealed = seal(&public.sealing_key, label, content, &self.key).bytes;
        self.keep_sealed(label, sealed).await;
    }

    /// Keeps bytes as the envelope of a label.
    pub(crate) async fn keep_sealed(&self, label: Label, sealed: Vec<u8>) {
        let sha256 = hex::encode(digest(&sealed));
        let receipt = Receipt {
            device: self.device,
            submission: label.submission,
            sha256: sha256.clone(),
            received_at: received_at(),
        };
        let receipt = receipt.sign(&receipts_key(&self.path("keys")).unwrap());
        let taken = self
            .store
            .take_in(&label, &sha256, sealed.into(), &receipt, received_at());
        assert_eq!(taken.await.unwrap(), Intake::New);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `hub` and says what it printed, or its complaint.
    pub(crate) fn hub(&self, arguments: &[&str]) -> Result<String, String> {
        let output = run(self.folder.path(), arguments);
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    pub(crate) fn advance(&self, step: &[&str]) -> Result<String, String> {
        let (id, keys) = (self.id.to_string(), self.path("keys"));
        let mut arguments = vec![
            "cases",
            "advance",
            "--by",
            "王芳",
            "--keys",
            keys.to_str().unwrap(),
            &id,
        ];
        arguments.extend(step);
        self.hub(&arguments)
    }

    pub(crate) async fn letter(&self) -> mailbox::Letter {
        let mailbox = self.secret.mailbox(&self.secret.code(self.id));
        let Delivery::Letter(letter) = self.store.mailbox(self.device, mailbox.id()).await.unwrap() else {
            panic!("no letter");
        };
        let hub = [receipts_key(&self.path("keys")).unwrap().public()];
        mailbox::open(&letter, self.device, &mailbox, &hub).unwrap()
    }
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    Command::new(env!("CARGO_BIN_EXE_hub"))
        .args(arguments)
        .env("HUB_DATABASE", folder.join("hub.db"))
        .env("HUB_CONTENT", content)
        .env("RUST_LOG", "error")
        .output()
        .unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn application() -> DisclosureApplication {
    DisclosureApplication {
        applicant: Applicant::Citizen(Citizen {
            name: "张三".into(),
            employer: None,
            document: IdentityDocument::ResidentCard,
            number: "11010519491231002X".into(),
            phone: "0512-62880000".into(),
            address: "示例路1号".into(),
            postcode: None,
            email: None,
        }),
        body: None,
        wanted: "2025年度预算执行情况".into(),
        purpose: None,
        medium: DeliveryMedium::Paper,
        way: DeliveryWay::PickUp,
    }
}

/// A form without files, as it is sealed.
pub(crate) fn payload(form: Form) -> Vec<u8> {
    payload_with(form, Vec::new())
}

/// A form with files, as it is sealed.
pub(crate) fn payload_with(form: Form, attachments: Vec<Attachment>) -> Vec<u8> {
    let payload = Payload {
        handed_in_at: received_at(),
        form,
        attachments,
    };
    payload.to_bytes().to_vec()
}

/// When everything was received.
fn received_at() -> Timestamp {
    "2026-09-28T02:00:00Z".parse().unwrap()
}
