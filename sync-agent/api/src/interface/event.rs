//! What changes while somebody watches.

use serde::{Deserialize, Serialize};
use zlink::idl::{Comment, CustomObject, CustomType as Description, Field, Type as IdlType};
use zlink::introspect::{CustomType, Type};
use zlink::names::{FieldName, TypeName};

use super::{Device, Job, NetworkState, Paper, PrinterState, Release, SlotState};

/// A change, numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Event {
    /// The event's number, one more than the event's before it. Numbers start at the microseconds of
    /// the agent's start, so that those of an earlier run are recognised.
    pub seq: u64,
    /// What changed.
    pub change: Change,
}

/// What changed; on the wire an object with exactly one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Events were lost, or belong to an earlier run of the agent: ask for the status.
    Missed(Missed),
    /// Another generation is in use: reopen the content.
    Generation(GenerationChange),
    /// Something about the release changed, such as when it was last checked.
    Release(Release),
    /// The printer's state changed.
    Printer(PrinterState),
    /// A print moved on.
    Job(Job),
    /// A resident showed one of the terminal's own codes to the scanner.
    Scan(Scan),
    /// The release address answers, or no longer does.
    Network(NetworkState),
    /// Somebody showed a receipt or a staff card to the scanner.
    Code(Code),
    /// Somebody showed a configuration code to the scanner. One that is taken counts once the agent has started anew.
    Configuration(CodeVerdict),
    /// A sensor tripped, or is quiet again.
    Sensor(Sensor),
    /// A device's state changed.
    Device(Device),
    /// Paper was used, or a new roll put in.
    Paper(Paper),
    /// A slip is to be taken out of the printer's slot, or was.
    Slot(SlotState),
}

/// Events that are no longer held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Missed {
    /// The oldest event still held; the events after this one follow.
    pub oldest: u64,
}

/// Another generation in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct GenerationChange {
    /// The generation now in use.
    pub generation: u64,
}

/// One of the terminal's own codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Scan {
    /// The id of the record that the code names; it is published.
    pub record: String,
}

/// A code that is none of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Code {
    /// What sort of code.
    pub kind: CodeKind,
    /// The staff member's number. Of a receipt nothing is told: what it carries is the resident's own, and events
    /// are kept for whoever comes back.
    pub value: Option<String>,
}

/// A sort of code that the terminal knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum CodeKind {
    /// The receipt of something that a resident handed in.
    Receipt,
    /// A staff member's card.
    Staff,
}

/// What became of a configuration code that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum CodeVerdict {
    /// It is kept.
    Taken,
    /// It is the one that counts already.
    Known,
    /// The hub did not sign it.
    Forged,
    /// It says something that this terminal does not know.
    Unreadable,
    /// It is for terminals of another division.
    Elsewhere,
    /// The time in which it may be shown is over.
    Expired,
    /// The terminal has one that was made later.
    Superseded,
    /// The terminal's own files cannot be written.
    NotKept,
}

/// What a sensor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Sensor {
    /// Which.
    pub kind: SensorKind,
    /// Whether it is tripped: somebody is there, the door is open, the paper is low.
    pub is_active: bool,
}

/// A sensor that a terminal can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum SensorKind {
    /// Somebody stands before the terminal.
    Presence,
    /// The terminal's door.
    Door,
    /// A switch at the roll.
    PaperLow,
}

/// An optional field of [`Change`]'s description.
const fn choice<T: Type>(name: &'static str) -> Field<'static> {
    Field::new(
        FieldName::from_static_str_unchecked(name),
        <Option<T> as Type>::TYPE,
        &[],
    )
}

impl CustomType for Change {
    const CUSTOM_TYPE: &'static Description<'static> = &{
        static MISSED: Field<'static> = choice::<Missed>("missed");
        static GENERATION: Field<'static> = choice::<GenerationChange>("generation");
        static RELEASE: Field<'static> = choice::<Release>("release");
        static PRINTER: Field<'static> = choice::<PrinterState>("printer");
        static JOB: Field<'static> = choice::<Job>("job");
        static SCAN: Field<'static> = choice::<Scan>("scan");
        static NETWORK: Field<'static> = choice::<NetworkState>("network");
        static CODE: Field<'static> = choice::<Code>("code");
        static CONFIGURATION: Field<'static> = choice::<CodeVerdict>("configuration");
        static SENSOR: Field<'static> = choice::<Sensor>("sensor");
        static DEVICE: Field<'static> = choice::<Device>("device");
        static PAPER: Field<'static> = choice::<Paper>("paper");
        static SLOT: Field<'static> = choice::<SlotState>("slot");
        static FIELDS: &[&Field<'static>] = &[
            &MISSED,
            &GENERATION,
            &RELEASE,
            &PRINTER,
            &JOB,
            &SCAN,
            &NETWORK,
            &CODE,
            &CONFIGURATION,
            &SENSOR,
            &DEVICE,
            &PAPER,
            &SLOT,
        ];
        Description::Object(CustomObject::new(
            TypeName::from_static_str_unchecked("Change"),
            FIELDS,
            &[&Comment::new("What changed: exactly one of these is there.")],
        ))
    };
}

impl Type for Change {
    const TYPE: &'static IdlType<'static> = &IdlType::Custom(TypeName::from_static_str_unchecked("Change"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_an_object_with_one_field_that_the_description_names() {
        let described: Vec<_> = Change::CUSTOM_TYPE
            .as_object()
            .unwrap()
            .fields()
            .map(|field| field.name().to_string())
            .collect();
        let changes = [
            Change::Missed(Missed { oldest: 1 }),
            Change::Generation(GenerationChange { generation: 2 }),
            Change::Printer(PrinterState::NearEnd),
            Change::Scan(Scan { record: "a".into() }),
            Change::Network(NetworkState::Reachable),
            Change::Code(Code {
                kind: CodeKind::Receipt,
                value: None,
            }),
            Change::Configuration(CodeVerdict::Taken),
            Change::Sensor(Sensor {
                kind: SensorKind::Door,
                is_active: true,
            }),
            Change::Paper(Paper {
                left_cm: 1,
                roll_cm: 2,
                is_low: true,
            }),
            Change::Slot(SlotState::Left),
        ];
        for change in changes {
            let json = serde_json::to_value(&change).unwrap();
            let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
            assert_eq!(keys.len(), 1, "{json}");
            assert!(described.contains(&keys[0]), "{json}");
            assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
        }
    }
}
