//! From the socket's forms to those that are sealed. Personal text is moved, not copied.

use std::mem::take;

use catalog::record::RecordId;
use catalog::submission as sealed;
use terminal_api::interface as api;

use sealed::{Form, InvalidForm};

/// An application.
pub(super) fn application(mut form: api::DisclosureApplication) -> Result<Form, InvalidForm> {
    let applicant = applicant(&mut form.applicant)?;
    Ok(Form::DisclosureApplication(Box::new(
        sealed::DisclosureApplication {
            applicant,
            body: form.body.take(),
            wanted: take(&mut form.wanted),
            purpose: form.purpose.take(),
            medium: match form.medium {
                api::DeliveryMedium::Paper => sealed::DeliveryMedium::Paper,
                api::DeliveryMedium::Electronic => sealed::DeliveryMedium::Electronic,
                api::DeliveryMedium::Any => sealed::DeliveryMedium::Any,
            },
            way: match form.way {
                api::DeliveryWay::Post => sealed::DeliveryWay::Post,
                api::DeliveryWay::Email => sealed::DeliveryWay::Email,
                api::DeliveryWay::PickUp => sealed::DeliveryWay::PickUp,
                api::DeliveryWay::Inspect => sealed::DeliveryWay::Inspect,
            },
        },
    )))
}

fn applicant(applicant: &mut api::Applicant) -> Result<sealed::Applicant, InvalidForm> {
    let (name, number) = (take(&mut applicant.name), take(&mut applicant.number));
    let (phone, address) = (take(&mut applicant.phone), take(&mut applicant.address));
    let (postcode, email) = (applicant.postcode.take(), applicant.email.take());
    Ok(match applicant.kind {
        api::ApplicantKind::Citizen => sealed::Applicant::Citizen(sealed::Citizen {
            name,
            employer: applicant.employer.take(),
            document: match applicant.document.ok_or(InvalidForm::Missing("document"))? {
                api::IdentityDocument::ResidentCard => sealed::IdentityDocument::ResidentCard,
                api::IdentityDocument::ResidencePermit => sealed::IdentityDocument::ResidencePermit,
                api::IdentityDocument::ForeignPermanentResident => {
                    sealed::IdentityDocument::ForeignPermanentResident
                }
                api::IdentityDocument::Passport => sealed::IdentityDocument::Passport,
                api::IdentityDocument::Other => sealed::IdentityDocument::Other,
            },
            number,
            phone,
            address,
            postcode,
            email,
        }),
        api::ApplicantKind::Organisation => sealed::Applicant::Organisation(sealed::Organisation {
            name,
            credit_code: number,
            representative: applicant.representative.take().unwrap_or_default(),
            contact: applicant.contact.take().unwrap_or_default(),
            phone,
            address,
            postcode,
            email,
        }),
    })
}

/// A suggestion.
pub(super) fn suggestion(mut form: api::Suggestion) -> Result<Form, InvalidForm> {
    Ok(Form::Suggestion(sealed::Suggestion {
        sort: match form.sort {
            api::SuggestionKind::Proposal => sealed::SuggestionKind::Proposal,
            api::SuggestionKind::Complaint => sealed::SuggestionKind::Complaint,
            api::SuggestionKind::Question => sealed::SuggestionKind::Question,
        },
        text: take(&mut form.text),
        record: form.record.take().map(record).transpose()?,
        name: form.name.take(),
        phone: form.phone.take(),
    }))
}

/// A correction.
pub(super) fn correction(mut form: api::Correction) -> Result<Form, InvalidForm> {
    Ok(Form::Correction(sealed::Correction {
        record: record(take(&mut form.record))?,
        generation: form.generation,
        field: form.field.take(),
        text: take(&mut form.text),
        phone: form.phone.take(),
    }))
}

/// A rating.
pub(super) fn rating(mut form: api::Rating) -> Result<Form, InvalidForm> {
    Ok(Form::Rating(sealed::Rating {
        grade: match form.grade {
            api::Grade::VerySatisfied => sealed::Grade::VerySatisfied,
            api::Grade::Satisfied => sealed::Grade::Satisfied,
            api::Grade::FairlySatisfied => sealed::Grade::FairlySatisfied,
            api::Grade::Dissatisfied => sealed::Grade::Dissatisfied,
            api::Grade::VeryDissatisfied => sealed::Grade::VeryDissatisfied,
        },
        record: form.record.take().map(record).transpose()?,
        text: form.text.take(),
    }))
}

fn record(id: String) -> Result<RecordId, InvalidForm> {
    RecordId::try_from(id).map_err(|_| InvalidForm::Wrong("record"))
}

/// What staff say became of a submission, for the socket.
pub(super) fn letter(letter: sealed::mailbox::Letter) -> api::SubmissionStatus {
    use sealed::mailbox::{Outcome, Stage};
    api::SubmissionStatus {
        stage: match letter.stage {
            Stage::Received => api::SubmissionStage::Received,
            Stage::Registered => api::SubmissionStage::Registered,
            Stage::Correction => api::SubmissionStage::Correction,
            Stage::Handling => api::SubmissionStage::Handling,
            Stage::ThirdParty => api::SubmissionStage::ThirdParty,
            Stage::Review => api::SubmissionStage::Review,
            Stage::Answered => api::SubmissionStage::Answered,
            Stage::Delivered => api::SubmissionStage::Delivered,
            Stage::Archived => api::SubmissionStage::Archived,
        },
        since: Some(letter.since.to_string()),
        due: letter.due.map(|due| due.to_string()),
        outcome: letter.outcome.map(|outcome| match outcome {
            Outcome::Disclosed => api::SubmissionOutcome::Disclosed,
            Outcome::PartlyDisclosed => api::SubmissionOutcome::PartlyDisclosed,
            Outcome::Refused => api::SubmissionOutcome::Refused,
            Outcome::Unavailable => api::SubmissionOutcome::Unavailable,
            Outcome::NotProcessed => api::SubmissionOutcome::NotProcessed,
            Outcome::Other => api::SubmissionOutcome::Other,
        }),
        note: letter.note,
        written_at: Some(letter.written_at.into()),
    }
}
