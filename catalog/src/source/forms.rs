//! `request_form.json`: the application for disclosure.

use serde::Deserialize;

use super::Found;
use super::reader::{Located, Reader};
use crate::record::{
    ApplicantType, ArticleNumber, Field, Form, Provenance, ProvenanceMark, Record, RecordId, Rule,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceForm {
    id: RecordId,
    title: String,
    legal_basis: SourceBasis,
    provenance: ProvenanceMark,
    note: Option<String>,
    applicant_types: Vec<SourceApplicant>,
    request_fields: Vec<Field>,
    rules: Vec<SourceRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceBasis {
    policy_id: RecordId,
    article: ArticleNumber,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceApplicant {
    #[serde(rename = "type")]
    name: String,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRule {
    rule: String,
    article: ArticleNumber,
    text: String,
}

pub(super) fn read(reader: &mut Reader) -> Vec<Found> {
    let form: Option<Located<SourceForm>> = reader.object("request_form.json");
    form.into_iter()
        .map(|Located { value, origin }| (Record::Form(form_record(value)), origin))
        .collect()
}

fn form_record(source: SourceForm) -> Form {
    Form {
        id: source.id,
        title: source.title,
        basis: (source.legal_basis.policy_id, source.legal_basis.article),
        note: source.note,
        applicant_types: source
            .applicant_types
            .into_iter()
            .map(|applicant| ApplicantType {
                name: applicant.name,
                fields: applicant.fields,
            })
            .collect(),
        request_fields: source.request_fields,
        rules: source
            .rules
            .into_iter()
            .map(|rule| Rule {
                topic: rule.rule,
                article: rule.article,
                text: rule.text,
            })
            .collect(),
        provenance: Provenance {
            mark: source.provenance,
            source: None,
            truncated: false,
        },
    }
}
