//! 服务事项: name and codes, which is all the published list gives.

use catalog::record::ServiceItem;
use hardware::slip::Row;

use super::composer::Composer;

pub(super) fn body(composer: &mut Composer<'_>, item: &ServiceItem) {
    composer.title(&item.name, None);
    let rows = about(composer, item);
    composer.rows(rows);
    let remark = composer.say("item-remark");
    composer.body(&remark);
}

pub(super) fn about(composer: &Composer<'_>, item: &ServiceItem) -> Vec<Row> {
    let main = item
        .main_item
        .as_deref()
        .map(|main| composer.row("item-main", Some(main)));
    [composer.row("item-department", Some(&item.department))]
        .into_iter()
        .chain(main)
        .chain([
            composer.row("item-code", Some(&item.item_code)),
            composer.row("item-type-code", Some(&item.task_type_code)),
            composer.row("item-area-code", Some(&item.area_code)),
            composer.row("item-department-code", Some(&item.dept_code)),
        ])
        .collect()
}
