//! `open_data_directory.json` with the files it lists: open data.

use serde::Deserialize;

use super::areas::Areas;
use super::names::EnglishNames;
use super::plans::SourcePlan;
use super::reader::{Located, Reader};
use super::text_sources::TextSources;
use super::{Found, Origin, ProblemKind};
use crate::record::{Dataset, DatasetKind, Provenance, ProvenanceMark, Record, RecordId, Source};

/// A line of the directory.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceDataset {
    id: RecordId,
    pub(super) title: String,
    area: Option<String>,
    kind: SourceKind,
    format: String,
    rows: Option<usize>,
    pub(super) file: String,
    fields: Option<Vec<String>>,
    /// What residents read over the columns, where the file's own header is for machines.
    labels: Option<Vec<String>>,
    open_type: String,
    update_frequency: Option<String>,
    provider: Option<String>,
    /// The files of the folder that a chain joins.
    #[serde(default, rename = "links")]
    _links: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
enum SourceKind {
    #[serde(rename = "目录式")]
    List,
    #[serde(rename = "数据链式")]
    Chain,
}

pub(super) const DIRECTORY: &str = "open_data_directory.json";

pub(super) fn read(
    reader: &mut Reader,
    areas: &Areas,
    names: &EnglishNames,
    texts: &TextSources,
) -> Vec<Found> {
    let directory: Vec<Located<SourceDataset>> = reader.list(DIRECTORY, None);
    directory
        .into_iter()
        .filter_map(|Located { value, origin }| {
            let area = match &value.area {
                Some(name) => Some(areas.id(reader, name, &value.id, &origin)?),
                None => None,
            };
            let (header, rows) = table(reader, &value)?;
            check_table(reader, &value, &header, &rows, &origin);
            let columns = match value.labels {
                Some(labels) if labels.len() == header.len() => labels,
                _ => header,
            };
            // A collection is where the data were taken from, not the body that provides them.
            let collection = value.provider.as_deref().and_then(|name| texts.title(name));
            let title = collection.or(value.provider.as_deref()).map(str::to_owned);
            let provider = value.provider.filter(|name| texts.title(name).is_none());
            let dataset = Dataset {
                id: value.id,
                title_en: names.get(&value.title),
                provenance: Provenance {
                    mark: ProvenanceMark::Generated,
                    source: title.map(|title| Source {
                        title,
                        url: None,
                        jurisdiction: None,
                        date: None,
                    }),
                    truncated: false,
                },
                title: value.title,
                area,
                arrangement: match value.kind {
                    SourceKind::List => DatasetKind::List,
                    SourceKind::Chain => DatasetKind::Chain,
                },
                format: value.format,
                open_type: value.open_type,
                update_frequency: value.update_frequency,
                provider,
                columns,
                rows,
                links: Vec::new(),
            };
            Some((Record::Dataset(dataset), origin))
        })
        .collect()
}

/// The data themselves: a CSV file, or the task table as its document prints it.
fn table(reader: &mut Reader, dataset: &SourceDataset) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    if dataset.format == "CSV" {
        return reader.cells(&dataset.file);
    }
    let plan: Located<SourcePlan> = reader.object(&dataset.file)?;
    let columns = ["序号", "试点任务", "具体事项", "责任单位", "指导单位", "完成时间"];
    let rows = plan.value.rows.iter().map(|row| {
        vec![
            row.item_no.to_string(),
            row.task.clone(),
            row.item.clone(),
            row.responsible.clone().unwrap_or_default(),
            row.guidance.as_deref().unwrap_or_default().join("、"),
            row.deadline.clone(),
        ]
    });
    Some((columns.map(str::to_owned).to_vec(), rows.collect()))
}

/// The directory says how many rows and which columns the file has; it must be true.
fn check_table(
    reader: &mut Reader,
    dataset: &SourceDataset,
    columns: &[String],
    rows: &[Vec<String>],
    origin: &Origin,
) {
    let mut wrong = |message: String| {
        reader.problem(
            origin,
            Some(dataset.id.to_string()),
            ProblemKind::Malformed(message),
        );
    };
    if let Some(declared) = dataset.rows.filter(|&declared| declared != rows.len()) {
        wrong(format!(
            "{} has {} rows, not {declared}",
            dataset.file,
            rows.len()
        ));
    }
    if let Some(labels) = dataset
        .labels
        .as_ref()
        .filter(|labels| labels.len() != columns.len())
    {
        wrong(format!(
            "{} has {} columns, not {}",
            dataset.file,
            columns.len(),
            labels.len()
        ));
    }
    if dataset.fields.as_deref().is_some_and(|fields| fields != columns) {
        wrong(format!("{} has the columns {}", dataset.file, columns.join(", ")));
    }
}
