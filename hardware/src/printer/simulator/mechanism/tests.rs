use super::*;
use crate::printer::status::{Status, decode};

fn run(mechanism: &mut Mechanism) -> Vec<Effect> {
    std::iter::from_fn(|| mechanism.step()).collect()
}

#[test]
fn what_is_set_is_what_a_driver_reads() {
    for (conditions, status) in [
        (&[][..], Status::Ready),
        (&[Condition::NearEnd], Status::NearEnd),
        (&[Condition::PaperOut], Status::PaperOut),
        (&[Condition::CoverOpen], Status::CoverOpen),
        (&[Condition::CoverOpen, Condition::PaperOut], Status::CoverOpen),
        (&[Condition::CutterError], Status::CutterError),
        (&[Condition::Recoverable], Status::Recoverable),
        (&[Condition::Unrecoverable], Status::Unrecoverable),
        (&[Condition::Offline], Status::Offline),
        (&[Condition::SilentProof], Status::Ready),
    ] {
        let mut mechanism = Mechanism::new(Paper::Mm80, Bezel::None);
        for condition in conditions {
            mechanism.set(*condition);
        }
        let answers = [1, 2, 3, 4].map(|n| mechanism.answer(n).unwrap());
        assert_eq!(decode(answers), status, "{conditions:?}");
    }
}

#[test]
fn a_roll_that_ends_in_a_picture_stops_there_and_goes_on_with_a_new_one() {
    let mut mechanism = Mechanism::new(Paper::Mm80, Bezel::None);
    mechanism.set_after(3, Condition::PaperOut);
    mechanism.take(
        1,
        Command::Raster {
            stride: 1,
            rows: vec![1, 2, 3, 4, 5],
        },
    );
    mechanism.take(1, Command::Cut);
    mechanism.take(1, Command::ProcessId(*b"abcd"));
    assert_eq!(run(&mut mechanism), [Effect::Moved(3)]);
    assert_eq!(mechanism.conditions(), [Condition::PaperOut]);

    mechanism.clear(Condition::PaperOut);
    let effects = run(&mut mechanism);
    assert_eq!(
        effects[1],
        Effect::Slip(Slip {
            picture: Bitmap::from_rows(1, vec![1, 2, 3, 4, 5]),
            text: String::new(),
        })
    );
    assert_eq!(effects[2], Effect::Answer(1, b"\x37\x22abcd\x00".to_vec()));
}
