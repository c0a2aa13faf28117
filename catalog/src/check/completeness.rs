//! What the founding document asks of every item, and how much of it is provided.

use super::{Remark, Rule};
use crate::record::{FeeKind, Record};

/// The fields that are expected of a record, or of many.
#[derive(Debug, Default)]
pub(super) struct Completeness {
    expected: usize,
    /// Names of fields without a value.
    missing: Vec<&'static str>,
    /// Names of fields without which a record cannot be shown.
    vital: Vec<&'static str>,
}

impl Completeness {
    pub(super) fn of(record: &Record) -> Self {
        let mut fields = Self::default();
        match record {
            Record::Guide(guide) => {
                fields.vital("事项名称", &guide.name);
                fields.vital("实施主体", &guide.agency);
                fields.vital("适用范围", &guide.region);
                fields.expect("事项编码", guide.item_code.is_some());
                fields.expect("法律依据", !guide.legal_basis.is_empty());
                fields.expect(
                    "收费依据和标准",
                    guide.fee.kind != FeeKind::Unknown || guide.fee.text.is_some(),
                );
                fields.expect("流程", !guide.steps.is_empty());
                fields.expect("法定期限", guide.statutory_limit.is_some());
                fields.expect("办理机构", guide.where_to_apply.is_some());
                fields.expect("办理地点", guide.window_address.is_some());
                fields.expect("办理时间", guide.office_hours.is_some());
                fields.expect("联系电话", guide.phone_consult.is_some());
                fields.expect("监督电话", guide.phone_supervise.is_some());
            }
            Record::Entry(entry) => {
                fields.vital("一级事项", &entry.level1);
                fields.vital("二级事项", &entry.level2);
                fields.vital("公开内容", &entry.content);
                fields.expect("公开依据", entry.basis.is_some());
                fields.expect("公开时限", entry.time_limit.is_some());
                fields.expect("公开主体", entry.subject.is_some());
                fields.expect("公开渠道和载体", entry.channels.is_some());
                fields.expect("公开对象", !entry.audience.is_empty());
                fields.expect("公开层级", entry.levels.is_some());
            }
            Record::Document(document) => {
                fields.vital("名称", &document.title);
                fields.expect("正文", !document.blocks.is_empty());
                fields.expect("发布机构", document.issuer.is_some());
                fields.expect(
                    "日期",
                    document.published.is_some() || document.version_date.is_some(),
                );
            }
            Record::Interpretation(interpretation) => {
                fields.vital("标题", &interpretation.title);
                fields.expect("所解读的政策", interpretation.document.is_some());
                fields.expect("发布日期", interpretation.published.is_some());
            }
            Record::Dataset(dataset) => {
                fields.vital("名称", &dataset.title);
                fields.expect("提供单位", dataset.provider.is_some());
                fields.expect("更新频率", dataset.update_frequency.is_some());
            }
            Record::ServiceItem(item) => {
                fields.vital("事项名称", &item.name);
                fields.vital("部门", &item.department);
                fields.vital("实施编码", &item.item_code);
            }
            Record::Plan(plan) => fields.vital("名称", &plan.title),
            Record::Form(form) => fields.vital("名称", &form.title),
            Record::Area(area) => fields.vital("名称", &area.name),
            Record::LifeEvent(event) => fields.vital("名称", &event.name.zh),
            Record::Synonyms(_) | Record::Glossary(_) | Record::Holidays(_) | Record::ItemFields(_) => {}
        }
        fields
    }

    fn expect(&mut self, name: &'static str, provided: bool) {
        self.expected += 1;
        if !provided {
            self.missing.push(name);
        }
    }

    fn vital(&mut self, name: &'static str, value: &str) {
        self.expected += 1;
        if value.trim().is_empty() {
            self.vital.push(name);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.missing.extend(&other.missing);
        self.vital.extend(&other.vital);
    }

    /// Rounded down: 100 means that nothing is missing.
    pub(super) fn percent(&self) -> Option<u8> {
        let provided = self.expected - self.missing.len() - self.vital.len();
        (provided * 100)
            .checked_div(self.expected)
            .map(|percent| percent as u8)
    }

    pub(super) fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        if !self.vital.is_empty() {
            let message = format!("empty: {}", self.vital.join("、"));
            remarks.push(Remark::error(Rule::MissingField, message));
        }
        if !self.missing.is_empty() {
            let message = format!("not provided: {}", self.missing.join("、"));
            remarks.push(Remark::warning(Rule::MissingField, message));
        }
        remarks
    }
}
