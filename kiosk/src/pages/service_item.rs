//! 政务服务事项: what a published list says about a service. It says little; what is missing is named.

use catalog::record::{Record, ServiceItem};

use super::content::{Block, Context, Head, Page, Row, RowValue, Tone, provenance, typeset};

/// The page of `item`.
#[must_use]
pub(crate) fn page(item: &ServiceItem, cx: &Context<'_>) -> Page {
    let given = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let rows = [
        ("item-department", given(&typeset(&item.department))),
        ("item-main", item.main_item.as_deref().map(typeset)),
        ("item-code", given(&item.item_code)),
        ("item-type-code", given(&item.task_type_code)),
        ("item-area-code", given(&item.area_code)),
        ("item-department-code", given(&item.dept_code)),
        ("guide-materials", None),
        ("fact-limit", None),
        ("fact-promise", None),
        ("fact-fee", None),
        ("guide-address", None),
        ("guide-hours", None),
        ("guide-phone", None),
    ];
    let body = rows
        .into_iter()
        .map(|(label, value)| {
            Block::Row(Row {
                label: cx.say(label),
                inferred: false,
                value: value.map_or(RowValue::Unknown, RowValue::Text),
            })
        })
        .chain([Block::Text {
            text: cx.say("item-remark"),
            tone: Tone::Quiet,
        }])
        .collect();
    Page {
        head: Head {
            crumbs: vec![cx.say("record-service-item"), typeset(&item.department)],
            title: typeset(&item.name),
            subtitle: item
                .provenance
                .source
                .as_ref()
                .and_then(|source| source.jurisdiction.as_deref())
                .map(typeset),
            tag: None,
        },
        identity: Vec::new(),
        body,
        provenance: provenance::line(&Record::ServiceItem(item.clone()), cx),
        shortcut: None,
    }
}
