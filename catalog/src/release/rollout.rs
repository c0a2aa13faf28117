//! `rollout.json`: which terminals are to take the newest generation yet.
//!
//! It is a signed target of its own beside the manifest, because it changes while the generation does not.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The name of the rollout among the signed targets. Without it a release is for everybody.
pub const ROLLOUT_TARGET: &str = "rollout.json";

/// How many [places](ring_place) there are: the whole circle of terminals.
pub const RING_PLACES: u16 = 1000;

/// How far the newest generation has been let out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The generation it is about.
    pub generation: u64,
    /// How many of a thousand terminals each ring reaches, rising; the last one reaches all.
    pub rings: Vec<u16>,
    /// The ring that is open, from 0.
    pub ring: usize,
    /// Whether terminals of the open ring take it.
    pub state: RolloutState,
}

/// Whether terminals take the generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RolloutState {
    /// Those of the open ring do.
    Running,
    /// None does that has not yet.
    Held,
}

/// Why rings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolloutError {
    /// They do not rise from 1 to 1000.
    #[error("rings {0:?} must rise from at least 1 of a thousand terminals to all 1000")]
    Rings(Vec<u16>),
    /// There is no such ring.
    #[error("there is no ring {ring} of {rings}")]
    NoRing {
        /// The ring, from 0.
        ring: usize,
        /// How many there are.
        rings: usize,
    },
    /// The last ring is open already.
    #[error("the last ring is open already: generation {0} is for everybody")]
    Complete(u64),
    /// Somebody holds it back.
    #[error("generation {0} is held: resume it first")]
    Held(u64),
}

impl Rollout {
    /// A rollout that begins with the first of these rings.
    pub fn new(generation: u64, rings: Vec<u16>) -> Result<Self, RolloutError> {
        let rollout = Self {
            generation,
            rings,
            ring: 0,
            state: RolloutState::Running,
        };
        rollout.check()?;
        Ok(rollout)
    }

    /// Refuses rings that make no sense; what was read from outside must pass here.
    pub fn check(&self) -> Result<(), RolloutError> {
        let rises = self.rings.is_sorted_by(|a, b| a < b);
        if !rises || self.rings.first() == Some(&0) || self.rings.last() != Some(&RING_PLACES) {
            return Err(RolloutError::Rings(self.rings.clone()));
        }
        if self.ring >= self.rings.len() {
            return Err(RolloutError::NoRing {
                ring: self.ring,
                rings: self.rings.len(),
            });
        }
        Ok(())
    }

    /// How many of a thousand terminals the open ring reaches.
    #[must_use]
    pub fn reach(&self) -> u16 {
        self.rings.get(self.ring).copied().unwrap_or(0)
    }

    /// Whether the terminal at this [place](ring_place) is to take the generation now.
    #[must_use]
    pub fn offers(&self, place: u16) -> bool {
        self.state == RolloutState::Running && place < self.reach()
    }

    /// The same rollout with the next ring open. One that is held is resumed first, by somebody who looked at it.
    pub fn advanced(&self) -> Result<Self, RolloutError> {
        if self.state == RolloutState::Held {
            return Err(RolloutError::Held(self.generation));
        }
        if self.ring + 1 >= self.rings.len() {
            return Err(RolloutError::Complete(self.generation));
        }
        Ok(Self {
            ring: self.ring + 1,
            ..self.clone()
        })
    }

    /// The same rollout in another state.
    #[must_use]
    pub fn in_state(&self, state: RolloutState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    /// The rollout as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a rollout has string keys only")
    }
}

/// A terminal's place among a thousand, from 0, by the hash of its id. It never changes: the first ring is always the same
/// terminals, which an operator can choose to look at.
#[must_use]
pub fn ring_place(device: &str) -> u16 {
    let digest: [u8; 32] = Sha256::digest(format!("mingchuang ring\n{device}")).into();
    let number = u64::from_be_bytes(digest[..8].try_into().expect("8 of 32 bytes"));
    (number % u64::from(RING_PLACES)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_reaches_about_as_many_terminals_as_it_says_and_the_next_one_all_of_them_too() {
        let mut rollout = Rollout::new(7, vec![10, 200, 1000]).unwrap();
        let places: Vec<u16> = (0..10_000)
            .map(|n| ring_place(&format!("terminal-{n}")))
            .collect();
        let reached = |rollout: &Rollout| places.iter().filter(|place| rollout.offers(**place)).count();
        let first = reached(&rollout);
        assert!((50..200).contains(&first), "{first}");
        rollout = rollout.advanced().unwrap();
        let second = reached(&rollout);
        assert!((1800..2200).contains(&second), "{second}");
        rollout = rollout.advanced().unwrap();
        assert_eq!(reached(&rollout), 10_000);
        assert_eq!(rollout.advanced(), Err(RolloutError::Complete(7)));
    }

    #[test]
    fn a_held_rollout_reaches_nobody_until_it_goes_on() {
        let rollout = Rollout::new(7, vec![1000]).unwrap();
        let held = rollout.in_state(RolloutState::Held);
        assert!(!held.offers(0));
        assert!(held.in_state(RolloutState::Running).offers(999));
    }

    #[test]
    fn rings_rise_to_everybody() {
        for rings in [
            vec![],
            vec![0, 1000],
            vec![10, 10, 1000],
            vec![100],
            vec![100, 2000],
        ] {
            assert!(Rollout::new(1, rings.clone()).is_err(), "{rings:?}");
        }
    }
}
