//! Writing the texts: anew, or as changes to the texts of an earlier index.

use std::fs;
use std::io;
use std::path::Path;

use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexSettings, TantivyDocument, Term};

use super::Built;
use super::ledger::{Ledger, Line, digest};
use crate::record::{Kind, RecordId};
use crate::search::passage::Passage;
use crate::search::schema::{BIGRAMS, Bigrams, Fields, pack_article, schema};
use crate::search::text::Volume;
use crate::search::{IndexError, directory, file};

/// What tantivy may gather in memory before it writes a segment.
const WRITER_BYTES: usize = 48 << 20;
/// Passages are stored in blocks of so many bytes: a snippet reads one.
const BLOCK_BYTES: usize = 4096;

/// The texts of an index in the making.
pub(super) struct TextWriter<'a> {
    folder: &'a Path,
    fields: Fields,
    index: tantivy::Index,
    writer: tantivy::IndexWriter,
    /// The records of the index before that were not met yet.
    before: Ledger,
    now: Ledger,
    built: Built,
    /// How much there is in the passages of documents, and of all others.
    volumes: [Volume; 2],
}

impl<'a> TextWriter<'a> {
    /// Begins without any texts in the empty `folder`.
    pub(super) fn create(folder: &'a Path) -> Result<Self, IndexError> {
        let create = || {
            tantivy::Index::builder()
                .schema(schema().0)
                .settings(IndexSettings {
                    docstore_blocksize: BLOCK_BYTES,
                    docstore_compress_dedicated_thread: false,
                    ..IndexSettings::default()
                })
                .create_in_dir(folder)
        };
        let index = create().map_err(|source| IndexError::tantivy(folder, source))?;
        Self::new(folder, index, Ledger::default())
    }

    /// Begins in the empty `folder` with the texts of the finished index at `before`, which is not touched.
    pub(super) fn adopt(before: &Path, folder: &'a Path) -> Result<Self, IndexError> {
        let ledger = file::read(before, file::LEDGER)?;
        let sound = || -> tantivy::Result<bool> {
            let index = tantivy::Index::open(directory::ReadOnly::open(before)?)?;
            Ok(index.schema() == schema().0 && index.validate_checksum()?.is_empty())
        };
        if !sound().map_err(|source| IndexError::tantivy(before, source))? {
            return Err(IndexError::Damaged {
                path: before.to_owned(),
                finding: "a part of the texts is not as it was written".to_owned(),
            });
        }
        share(before, folder).map_err(|source| IndexError::folder(folder, source))?;
        let index =
            tantivy::Index::open_in_dir(folder).map_err(|source| IndexError::tantivy(folder, source))?;
        Self::new(folder, index, ledger)
    }

    fn new(folder: &'a Path, index: tantivy::Index, before: Ledger) -> Result<Self, IndexError> {
        index.tokenizers().register(BIGRAMS, Bigrams);
        let writer = index
            .writer_with_num_threads(1, WRITER_BYTES)
            .map_err(|source| IndexError::tantivy(folder, source))?;
        // All is merged into one at the end.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self {
            folder,
            fields: schema().1,
            index,
            writer,
            now: Ledger::following(&before),
            before,
            built: Built {
                kept: 0,
                written: 0,
                removed: 0,
            },
            volumes: [Volume::default(); 2],
        })
    }

    /// Sees to it that the texts hold these passages of a record. Returns the key that they carry.
    pub(super) fn put(&mut self, id: &RecordId, kind: Kind, passages: &[Passage]) -> Result<u32, IndexError> {
        let (field, volume) = if kind == Kind::Document {
            (self.fields.document_text, &mut self.volumes[0])
        } else {
            (self.fields.text, &mut self.volumes[1])
        };
        volume.passages += passages.len() as u64;
        volume.bytes += passages
            .iter()
            .map(|passage| passage.text.len() as u64)
            .sum::<u64>();
        let digest = digest(kind, passages);
        let before = self.before.take(id);
        let key = match before {
            Some(line) => line.key,
            None => self.now.new_key(),
        };
        self.now.enter(id.clone(), Line { key, digest });
        if before.is_some_and(|line| line.digest == digest) {
            self.built.kept += 1;
            return Ok(key);
        }
        if before.is_some() {
            self.delete(key);
        }
        self.built.written += 1;
        for passage in passages {
            let mut document = TantivyDocument::new();
            document.add_u64(self.fields.record, u64::from(key));
            document.add_u64(self.fields.article, u64::from(pack_article(passage.article)));
            document.add_text(field, &passage.text);
            document.add_text(self.fields.passage, &passage.text);
            self.writer
                .add_document(document)
                .map_err(|source| IndexError::tantivy(self.folder, source))?;
        }
        Ok(key)
    }

    /// Removes what was not put, and completes the files.
    pub(super) fn finish(mut self) -> Result<(Built, [Volume; 2]), IndexError> {
        let gone: Vec<Line> = std::mem::take(&mut self.before).into_lines().collect();
        for line in &gone {
            self.delete(line.key);
        }
        self.built.removed = gone.len();
        let folder = self.folder;
        let commit = || {
            self.writer.commit()?;
            // One segment without deleted passages: words are as rare or common as in an index built anew.
            // The lists must be gone before the clean-up, which leaves what somebody still knows of.
            let is_whole = {
                let segments = self.index.searchable_segment_metas()?;
                segments.len() <= 1 && !segments.iter().any(tantivy::SegmentMeta::has_deletes)
            };
            if !is_whole {
                let segments = self.index.searchable_segment_ids()?;
                self.writer.merge(&segments).wait()?;
            }
            self.writer.garbage_collect_files().wait()?;
            self.writer.wait_merging_threads()
        };
        commit().map_err(|source| IndexError::tantivy(folder, source))?;
        file::write(folder, file::LEDGER, &mut self.now)?;
        Ok((self.built, self.volumes))
    }

    fn delete(&self, key: u32) {
        self.writer
            .delete_term(Term::from_field_u64(self.fields.record, u64::from(key)));
    }
}

/// Puts tantivy's files into another folder. Segments are never written again: they are linked where the
/// file system can. The lists of them are replaced, and copied.
fn share(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        let (name, ending) = (to.join(name), path.extension().unwrap_or_default());
        if ending == "lock" || ending == file::ENDING {
            continue;
        }
        if ending == "json" || fs::hard_link(&path, &name).is_err() {
            fs::copy(&path, name)?;
        }
    }
    Ok(())
}
