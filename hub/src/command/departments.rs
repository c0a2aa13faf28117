//! `hub departments`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use catalog::record::RecordId;
use clap::Subcommand;
use hub::departments::{Department, Departments, Pattern, sign};
use hub::keys;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// At the department: make its key and say the public half, which the operator is given
    Key {
        /// The key file to make
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// At the operator: delegate records to a department
    Add {
        /// Its name, in lower-case letters, digits and hyphens
        name: String,
        /// The folder of keys
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The public half of its key
        #[arg(long, value_name = "HEX")]
        key: String,
        /// The records that are its to sign: ids, or beginnings of ids followed by *
        #[arg(required = true, value_name = "RECORD")]
        records: Vec<String>,
    },
    /// At the department: sign its records of a source folder
    Sign {
        /// The source folder
        #[arg(value_name = "DIR")]
        source: PathBuf,
        /// Its name
        #[arg(long)]
        name: String,
        /// Its key file
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The records to sign: ids, or beginnings of ids followed by *
        #[arg(required = true, value_name = "RECORD")]
        records: Vec<String>,
    },
    /// Who signs what
    List {
        /// The folder of keys
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
}

pub(crate) fn run(command: Command) -> Result<()> {
    match command {
        Command::Key { file } => println!("{}", hex::encode(keys::make_department_key(&file)?)),
        Command::Add {
            name,
            keys,
            key,
            records,
        } => {
            let department = Department {
                name: RecordId::try_from(name)?,
                key,
                records: patterns(records)?,
            };
            Departments::read(&keys)?.add(department, &keys)?;
        }
        Command::Sign {
            source,
            name,
            key,
            records,
        } => {
            let loaded = catalog::source::load(&source)
                .with_context(|| format!("cannot read the source folder {}", source.display()))?;
            let patterns = patterns(records)?;
            let chosen = |id: &RecordId| patterns.iter().any(|pattern| pattern.matches(id));
            let statement = sign(&source, &loaded.records, chosen, RecordId::try_from(name)?, &key)?;
            println!("{} records are signed", statement.records.len());
        }
        Command::List { keys } => {
            for department in Departments::read(&keys)?.iter() {
                let records: Vec<String> = department.records.iter().cloned().map(String::from).collect();
                println!("{} {} {}", department.name, department.key, records.join(" "));
            }
        }
    }
    Ok(())
}

fn patterns(records: Vec<String>) -> Result<Vec<Pattern>> {
    Ok(records
        .into_iter()
        .map(Pattern::try_from)
        .collect::<Result<_, _>>()?)
}
