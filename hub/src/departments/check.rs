//! Whether every delegated record is signed by whom it belongs to, and nothing else is.

use std::collections::BTreeSet;
use std::path::Path;

use catalog::check::{Finding, Rule, Severity};
use catalog::record::{Record, RecordId};
use catalog::source::Loaded;

use super::statement::{Statement, digest, place};
use super::{Department, DepartmentError, Departments};

/// What is wrong with the signatures of a source folder. All findings are errors.
pub fn check(
    source: &Path,
    loaded: &Loaded,
    departments: &Departments,
) -> Result<Vec<Finding>, DepartmentError> {
    let present: BTreeSet<&RecordId> = loaded.records.iter().map(Record::id).collect();
    let mut findings = Vec::new();
    for file in statements(source)? {
        let name = file.trim_end_matches(".json");
        let finding = |rule, record: Option<&RecordId>, message: String| Finding {
            severity: Severity::Error,
            rule,
            area: None,
            record: record.map(ToString::to_string),
            file: format!("signatures/{file}"),
            line: None,
            message,
        };
        let Some(department) = departments.get(name) else {
            findings.push(finding(
                Rule::Signature,
                None,
                format!("nothing is delegated to {name}"),
            ));
            continue;
        };
        let statement = read(source, name)?;
        if statement.department.as_str() != name || !statement.is_signed_by(department) {
            findings.push(finding(
                Rule::Signature,
                None,
                format!("the key of {name} did not sign this"),
            ));
            continue;
        }
        for id in statement.records.keys() {
            if !department.owns(id) {
                findings.push(finding(
                    Rule::OutsideList,
                    Some(id),
                    format!("{id} is not in the list of {name}"),
                ));
            }
            if !present.contains(id) {
                findings.push(finding(
                    Rule::Signature,
                    Some(id),
                    format!("{name} signed {id}, which is gone: only {name} takes a record away, by signing without it"),
                ));
            }
        }
    }
    for department in departments.iter() {
        findings.extend(unsigned(source, loaded, department)?);
    }
    Ok(findings)
}

/// The records of a department's list that it did not sign as they are.
fn unsigned(
    source: &Path,
    loaded: &Loaded,
    department: &Department,
) -> Result<Vec<Finding>, DepartmentError> {
    let name = department.name.as_str();
    let statement = if place(source, name).exists() {
        Some(read(source, name)?).filter(|statement| statement.is_signed_by(department))
    } else {
        None
    };
    let mut findings = Vec::new();
    for record in loaded
        .records
        .iter()
        .filter(|record| department.owns(record.id()))
    {
        let signed = statement
            .as_ref()
            .and_then(|statement| statement.records.get(record.id()));
        let message = match signed {
            Some(signed) if *signed == digest(record) => continue,
            Some(_) => format!("was changed after {name} signed it"),
            None => format!("is delegated to {name}, which did not sign it"),
        };
        let origin = loaded.origins.get(record.id());
        findings.push(Finding {
            severity: Severity::Error,
            rule: Rule::Signature,
            area: None,
            record: Some(record.id().to_string()),
            file: origin.map(|origin| origin.file.clone()).unwrap_or_default(),
            line: origin.and_then(|origin| origin.line),
            message,
        });
    }
    Ok(findings)
}

/// The names of the files of signatures, sorted.
fn statements(source: &Path) -> Result<Vec<String>, DepartmentError> {
    let folder = source.join("signatures");
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(DepartmentError::Read { path: folder, source }),
        Ok(entries) => entries,
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    names.sort();
    Ok(names)
}

fn read(source: &Path, name: &str) -> Result<Statement, DepartmentError> {
    let path = place(source, name);
    let json = std::fs::read(&path).map_err(|source| DepartmentError::Read {
        path: path.clone(),
        source,
    })?;
    serde_json::from_slice(&json).map_err(|source| DepartmentError::Format { path, source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use catalog::record::Area;

    use super::*;
    use crate::departments::{Pattern, sign};

    struct Scene {
        folder: tempfile::TempDir,
        loaded: Loaded,
        departments: Departments,
    }

    fn area(id: &str, name: &str) -> Record {
        Record::Area(Area {
            id: RecordId::try_from(id).unwrap(),
            code: id.to_owned(),
            name: name.to_owned(),
            current_name: name.to_owned(),
            name_en: None,
            founding_pilot: false,
            national_pilot: true,
            order: 1,
        })
    }

    impl Scene {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let loaded = Loaded {
                records: vec![
                    area("area-a", "甲"),
                    area("police-a", "乙"),
                    area("police-b", "丙"),
                ],
                problems: Vec::new(),
                origins: BTreeMap::new(),
                files: BTreeMap::new(),
            };
            let mut scene = Self {
                folder,
                loaded,
                departments: Departments::default(),
            };
            scene.delegate("police");
            scene
        }

        fn key(&self, name: &str) -> PathBuf {
            self.folder.path().join(format!("{name}.pk8"))
        }

        fn delegate(&mut self, name: &str) {
            let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
            catalog::atomic::write(&self.key(name), pkcs8.as_ref()).unwrap();
            let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
            let department = Department {
                name: RecordId::try_from(name).unwrap(),
                key: hex::encode(pair.public_key()),
                records: vec![Pattern::try_from(format!("{name}-*")).unwrap()],
            };
            self.departments.add(department, self.folder.path()).unwrap();
        }

        fn sign(&self, name: &str, key: &str, chosen: &str) {
            let chosen = |id: &RecordId| id.as_str().starts_with(chosen);
            let name = RecordId::try_from(name).unwrap();
            sign(
                self.folder.path(),
                &self.loaded.records,
                chosen,
                name,
                &self.key(key),
            )
            .unwrap();
        }

        fn found(&self) -> Vec<(Rule, Option<String>)> {
            let departments = Departments::read(self.folder.path()).unwrap();
            assert_eq!(departments, self.departments);
            let findings = check(self.folder.path(), &self.loaded, &departments).unwrap();
            findings
                .into_iter()
                .map(|finding| (finding.rule, finding.record))
                .collect()
        }
    }

    fn about(rule: Rule, record: &str) -> (Rule, Option<String>) {
        (rule, Some(record.to_owned()))
    }

    #[test]
    fn what_a_department_signed_of_its_own_list_passes() {
        let scene = Scene::new();
        assert_eq!(
            scene.found(),
            [
                about(Rule::Signature, "police-a"),
                about(Rule::Signature, "police-b")
            ]
        );
        scene.sign("police", "police", "police-");
        assert_eq!(scene.found(), []);
    }

    #[test]
    fn a_record_outside_the_departments_list_is_refused() {
        let scene = Scene::new();
        scene.sign("police", "police", "");
        assert_eq!(scene.found(), [about(Rule::OutsideList, "area-a")]);
    }

    #[test]
    fn a_record_that_was_changed_after_it_was_signed_is_refused() {
        let mut scene = Scene::new();
        scene.sign("police", "police", "police-");
        scene.loaded.records[1] = area("police-a", "别的");
        assert_eq!(scene.found(), [about(Rule::Signature, "police-a")]);
    }

    #[test]
    fn a_record_that_was_signed_and_is_gone_is_missed_until_it_is_signed_without_it() {
        let mut scene = Scene::new();
        scene.sign("police", "police", "police-");
        scene.loaded.records.remove(1);
        assert_eq!(scene.found(), [about(Rule::Signature, "police-a")]);
        scene.sign("police", "police", "police-");
        assert_eq!(scene.found(), []);
    }

    #[test]
    fn another_departments_key_and_another_departments_name_do_not_count() {
        let mut scene = Scene::new();
        scene.delegate("water");
        scene.sign("police", "water", "police-");
        let refused = [
            (Rule::Signature, None),
            about(Rule::Signature, "police-a"),
            about(Rule::Signature, "police-b"),
        ];
        assert_eq!(scene.found(), refused);
        scene.sign("nobody", "police", "police-");
        assert_eq!(scene.found().len(), 4);
    }

    #[test]
    fn patterns_are_ids_or_beginnings_of_them() {
        for bad in ["", "*", "a*b", "../x"] {
            assert!(Pattern::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
