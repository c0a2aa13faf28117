//! The card reader: consent, every sort of card, and what residents do with cards.

use std::time::Duration;

use JobState::Proven;
use hardware::card::example::Example;
use hardware::card::simulator::{Health, LeftCard, Place as CardPlace, Request as CardRequest};
use hardware::printer::simulator::{Model, Pace};
use hardware::simulator::{Bind, LineFaults, Plug, Simulated as _};
use terminal_api::client::CallError;
use terminal_api::interface::{
    CardKind, CardStage, Consent, DeviceKind, DeviceState, JobState, PrinterState, Refusal,
};

use crate::terminal::{Bench, LOOPBACK, until};
use crate::{GOOD, plug};

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_read_at_the_residents_wish_and_never_otherwise() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(LOOPBACK);
    reader.place(CardPlace::Laid);
    bench.start().await;
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Ready)
        .await;

    let refused = bench.read_card(Consent::Withheld).next().await;
    assert!(
        matches!(refused, Some(Err(CallError::Refused(Refusal::NoConsent)))),
        "{refused:?}"
    );
    assert_eq!(reader.change(CardRequest::default()).reads, 0);

    for (example, kind) in [
        (Example::Resident, CardKind::Resident),
        (Example::ResidencePermit, CardKind::ResidencePermit),
        (Example::Foreign2017, CardKind::ForeignPermanentResident),
        (Example::Foreign2023, CardKind::ForeignPermanentResident),
    ] {
        // Lifted for long enough that the next one is another card.
        reader.place(CardPlace::Away);
        let mut steps = bench.read_card(Consent::Given);
        assert_eq!(steps.stage().await, CardStage::Waiting);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        reader.change(CardRequest {
            card: Some(CardPlace::Laid),
            kind: Some(example),
            ..CardRequest::default()
        });
        assert_eq!(steps.stage().await, CardStage::Reading);
        let record = steps.record().await;
        assert_eq!(record.kind, kind);
    }
    // Not a word of it went to those who only watch.
    let events = format!("{:?}", bench.events());
    assert!(!events.contains("1949") && !events.contains("张三"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_pulled_left_or_expired_is_told_and_read_once_it_is_right() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(LOOPBACK);
    reader.change(CardRequest {
        left_card: Some(LeftCard::FoundAgain),
        ..CardRequest::default()
    });
    bench.start().await;
    let mut steps = bench.read_card(Consent::Given);
    assert_eq!(steps.stage().await, CardStage::Waiting);
    let busy = bench.read_card(Consent::Given).next().await;
    assert!(
        matches!(busy, Some(Err(CallError::Refused(Refusal::CardReaderBusy)))),
        "{busy:?}"
    );

    reader.place(CardPlace::Pulled);
    assert_eq!(steps.stage().await, CardStage::Reading);
    assert_eq!(steps.stage().await, CardStage::Interrupted);
    reader.place(CardPlace::Laid);
    assert_eq!(steps.until_last().await.last(), Some(&CardStage::Read));

    // Left in place, it is not read for the next one.
    let mut steps = bench.read_card(Consent::Given);
    assert_eq!(steps.stage().await, CardStage::LiftFirst);
    reader.place(CardPlace::Away);
    assert_eq!(steps.stage().await, CardStage::Waiting);
    reader.change(CardRequest {
        card: Some(CardPlace::Laid),
        kind: Some(Example::Expired),
        ..CardRequest::default()
    });
    assert_eq!(steps.stage().await, CardStage::Reading);
    assert_eq!(steps.stage().await, CardStage::Expired);
    let reads = reader.change(CardRequest::default()).reads;
    assert_eq!(reads, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_does_not_work_is_told_at_once_and_is_not_called_ready() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(LOOPBACK);
    let health = |health| CardRequest {
        health: Some(health),
        ..CardRequest::default()
    };
    reader.change(health(Health::SelfTestFailed));
    bench.start().await;
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Broken)
        .await;
    let stages = bench.read_card(Consent::Given).until_last().await;
    assert_eq!(stages, [CardStage::Unavailable]);

    reader.change(health(Health::Well));
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Ready)
        .await;
    reader.change(health(Health::NotAuthorised));
    let stages = bench.read_card(Consent::Given).until_last().await;
    assert_eq!(stages, [CardStage::Unavailable]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_to_the_card_reader_is_told_and_touches_nobody_else() {
    let mut bench = Bench::new().await;
    let reader = bench.plug_card_reader(Bind::PtyAt(bench.path("by-id-card")));
    let _printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.start().await;
    bench
        .until_device(DeviceKind::CardReader, DeviceState::Ready)
        .await;
    bench.until_printer(PrinterState::Ready).await;
    for (faults, end) in [
        (plug(Plug::Out), CardStage::Unavailable),
        (plug(Plug::Hung), CardStage::Unavailable),
        (LineFaults { baud: 9600, ..GOOD }, CardStage::Read),
    ] {
        reader.line().set(faults);
        if faults.plug == Plug::Out {
            until("the link to go", || !bench.path("by-id-card").exists());
        }
        reader.place(CardPlace::Laid);
        let stages = bench.read_card(Consent::Given).until_last().await;
        assert_eq!(stages.last(), Some(&end), "{faults:?}: {stages:?}");
        let id = bench.print().await;
        bench.until_job(&id, Proven).await;
        reader.line().set(GOOD);
        reader.place(CardPlace::Away);
        bench
            .until_device(DeviceKind::CardReader, DeviceState::Ready)
            .await;
    }
}
