//! One request: from the first look for a card to its record.

use std::time::{Duration, Instant};

use hardware::card::{Card, Look, ReadError};
use jiff::tz::TimeZone;
use terminal_api::interface::{CardStage, CardStep};
use tokio::sync::mpsc::UnboundedSender;

use super::{Keeper, TurnGuard, record};

/// Between two looks for a card.
const POLL: Duration = Duration::from_millis(350);

/// How long a resident may look for the card.
const PATIENCE: Duration = Duration::from_mins(1);

/// Garbled answers in a row after which the line is opened anew, at other speeds if need be.
const MOST_GARBLED: u32 = 4;

/// Nobody waits for the steps any more.
struct Gone;

/// How often a stage that lasts is told again. Only when something is written to a connection does it show
/// that nobody is at its other end any more.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells stages to the caller.
struct Teller<'a> {
    steps: &'a UnboundedSender<CardStep>,
    /// Given back before the last step is told: who hears it may ask again at once.
    turn: Option<TurnGuard>,
    last: Option<CardStage>,
    told_at: Instant,
}

impl Teller<'_> {
    fn tell(&mut self, stage: CardStage) -> Result<(), Gone> {
        if self.last == Some(stage) && self.told_at.elapsed() < AGAIN {
            return if self.steps.is_closed() { Err(Gone) } else { Ok(()) };
        }
        self.last = Some(stage);
        self.told_at = Instant::now();
        if stage.is_last() {
            self.turn = None;
        }
        let step = CardStep { stage, record: None };
        self.steps.send(step).map_err(|_| Gone)
    }

    fn hand_over(&mut self, card: &Card) -> Result<(), Gone> {
        self.turn = None;
        let step = CardStep {
            stage: CardStage::Read,
            record: Some(record::told(card)),
        };
        self.steps.send(step).map_err(|_| Gone)
    }
}

/// What to tell when no card lies there. What was said of the last card stands until there is news: that it was
/// lifted, or that it went away with the line while it was read.
const fn nothing_there(last: Option<CardStage>, is_lifted: bool) -> CardStage {
    match last {
        None | Some(CardStage::Reading) => CardStage::Waiting,
        Some(CardStage::LiftFirst) if is_lifted => CardStage::Waiting,
        Some(last) => last,
    }
}

/// What to tell while the card that was read still lies there: why it was refused, if it was.
const fn still_there(last: Option<CardStage>) -> CardStage {
    match last {
        Some(last @ (CardStage::Expired | CardStage::Unusable)) => last,
        _ => CardStage::LiftFirst,
    }
}

impl Keeper<'_> {
    /// Looks for a card until one was read, the resident's time is over or the caller is gone.
    pub(super) fn serve(&mut self, steps: &UnboundedSender<CardStep>, turn: TurnGuard) {
        let mut teller = Teller {
            steps,
            turn: Some(turn),
            last: None,
            told_at: Instant::now(),
        };
        // That the caller went away is no error: its kiosk was closed, or the resident has left.
        let _gone = self.serve_told(&mut teller);
    }

    fn serve_told(&mut self, teller: &mut Teller<'_>) -> Result<(), Gone> {
        let until = Instant::now() + PATIENCE;
        let mut garbled = 0;
        let mut was_lost = false;
        if self.reader.is_none() {
            self.open();
        }
        while Instant::now() < until {
            let Some(reader) = &mut self.reader else {
                return teller.tell(CardStage::Unavailable);
            };
            let found = match reader.find() {
                Ok(found) => {
                    garbled = 0;
                    was_lost = false;
                    found
                }
                Err(ReadError::Interrupted) if garbled < MOST_GARBLED => {
                    garbled += 1;
                    false
                }
                Err(error) => {
                    self.lost(&error);
                    // Pulled and plugged in again within a moment is no reason to send the resident away; a module
                    // that is there and does not look for cards is.
                    if std::mem::replace(&mut was_lost, true) {
                        return teller.tell(CardStage::Unavailable);
                    }
                    self.open();
                    continue;
                }
            };
            match self.presence.look(found) {
                Look::Nothing => teller.tell(nothing_there(teller.last, self.presence.is_clear()))?,
                Look::Left => teller.tell(still_there(teller.last))?,
                Look::New => {
                    teller.tell(CardStage::Reading)?;
                    if self.read(teller)? {
                        return Ok(());
                    }
                }
            }
            std::thread::sleep(POLL);
        }
        teller.tell(CardStage::TimedOut)
    }

    /// Reads the card that was found; `true` once the record is handed over.
    fn read(&mut self, teller: &mut Teller<'_>) -> Result<bool, Gone> {
        let Some(reader) = &mut self.reader else {
            return Ok(false);
        };
        match reader.read_found() {
            Ok(card) => {
                self.presence.was_read();
                if card.is_expired(&self.today()) {
                    teller.tell(CardStage::Expired)?;
                    return Ok(false);
                }
                teller.hand_over(&card)?;
                return Ok(true);
            }
            Err(ReadError::Invalid(_)) => {
                self.presence.was_read();
                teller.tell(CardStage::Unusable)?;
            }
            Err(error @ ReadError::Line(_)) => {
                self.lost(&error);
                self.open();
            }
            Err(_) => teller.tell(CardStage::Interrupted)?,
        }
        Ok(false)
    }

    /// The day on the hall's clock.
    fn today(&self) -> String {
        let now = self.setup.clock.now().to_zoned(TimeZone::system());
        now.strftime("%Y%m%d").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_was_to_be_lifted_is_no_longer_spoken_of_once_it_is() {
        assert_eq!(
            nothing_there(Some(CardStage::LiftFirst), false),
            CardStage::LiftFirst
        );
        assert_eq!(
            nothing_there(Some(CardStage::LiftFirst), true),
            CardStage::Waiting
        );
        assert_eq!(nothing_there(None, true), CardStage::Waiting);
    }

    #[test]
    fn what_was_said_of_a_card_stands_while_it_lies_there_and_after() {
        for refused in [CardStage::Expired, CardStage::Unusable] {
            assert_eq!(still_there(Some(refused)), refused);
            assert_eq!(nothing_there(Some(refused), true), refused);
        }
        assert_eq!(still_there(None), CardStage::LiftFirst);
        assert_eq!(
            nothing_there(Some(CardStage::Interrupted), true),
            CardStage::Interrupted
        );
    }

    #[test]
    fn a_card_that_went_away_with_the_line_is_waited_for_again() {
        assert_eq!(nothing_there(Some(CardStage::Reading), true), CardStage::Waiting);
    }
}
