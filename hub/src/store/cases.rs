//! The steps of cases, each once and in order.

use catalog::submission::mailbox::MailboxId;
use catalog::submission::{DeviceId, Kind, SubmissionId};
use jiff::Timestamp;

use super::{Store, Stored, millis, time};
use crate::cases::Step;
use crate::database::{self, Commit, DatabaseError, Row};

/// A case as it is kept: the submission and the steps that staff made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    /// The application.
    pub submission: Stored,
    /// The steps, in order.
    pub steps: Vec<Recorded>,
}

/// A step and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The step.
    pub step: Step,
    /// When it was entered.
    pub made_at: Timestamp,
    /// Who entered it.
    pub made_by: String,
}

impl Store {
    /// Every application with its steps, oldest first.
    pub async fn cases(&self) -> Result<Vec<StoredCase>, DatabaseError> {
        let mut cases = Vec::new();
        for submission in self.submissions(Kind::DisclosureApplication).await? {
            let steps = self.steps(submission.device, submission.id).await?;
            cases.push(StoredCase { submission, steps });
        }
        Ok(cases)
    }

    /// One application with its steps.
    pub async fn case(&self, id: SubmissionId) -> Result<Option<StoredCase>, DatabaseError> {
        let Some(submission) = self.find(id).await? else {
            return Ok(None);
        };
        if submission.kind != Kind::DisclosureApplication {
            return Ok(None);
        }
        let steps = self.steps(submission.device, submission.id).await?;
        Ok(Some(StoredCase { submission, steps }))
    }

    async fn steps(&self, device: DeviceId, id: SubmissionId) -> Result<Vec<Recorded>, DatabaseError> {
        let sql = "SELECT step, made_at, made_by FROM case_steps
                   WHERE device = $1 AND submission = $2 ORDER BY number";
        let parameters = vec![device.to_string().into(), id.to_string().into()];
        let recorded = |row: &Row| {
            Ok(Recorded {
                step: serde_json::from_str(row.text(0)?)
                    .map_err(|error| DatabaseError::Content(error.to_string()))?,
                made_at: time(row.int(1)?)?,
                made_by: row.text(2)?.to_owned(),
            })
        };
        let rows = self.database.query(sql, parameters).await?;
        rows.iter().map(recorded).collect()
    }

    /// Enters the next step of a case, and the letter that tells the resident, together. `false` when
    /// somebody else has entered a step in the meantime.
    pub async fn advance(
        &self,
        case: &StoredCase,
        next: &Recorded,
        letter: Option<Vec<u8>>,
    ) -> Result<bool, DatabaseError> {
        let Stored {
            device,
            id,
            mailbox_key,
            ..
        } = &case.submission;
        let step = serde_json::to_string(&next.step).expect("a step is text and numbers");
        let mut steps = vec![database::Step {
            sql: "INSERT INTO case_steps (device, submission, number, step, made_at, made_by)
                  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (device, submission, number) DO NOTHING",
            parameters: vec![
                device.to_string().into(),
                id.to_string().into(),
                (case.steps.len() as i64).into(),
                step.into(),
                millis(next.made_at).into(),
                next.made_by.as_str().into(),
            ],
        }];
        if let (Some(key), Some(letter)) = (mailbox_key, letter) {
            steps.push(database::Step {
                sql: "INSERT INTO mailboxes (device, mailbox, letter, written_at) VALUES ($1, $2, $3, $4)
                      ON CONFLICT (device, mailbox) DO UPDATE
                      SET letter = excluded.letter, written_at = excluded.written_at",
                parameters: vec![
                    device.to_string().into(),
                    MailboxId::of(key).to_string().into(),
                    letter.into(),
                    millis(next.made_at).into(),
                ],
            });
        }
        Ok(self.database.transaction(steps).await? == Commit::Done)
    }
}
