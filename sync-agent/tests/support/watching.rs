//! What is seen of an agent, and waiting for it.

use std::time::Instant;

use terminal_api::interface::{
    Change, Device, DeviceKind, DeviceState, Event, Job, JobState, PrinterState, SlotState,
};

use super::{Bench, PATIENCE, SOON};

impl Bench {
    pub async fn until_printer(&self, state: PrinterState) {
        let start = Instant::now();
        loop {
            let status = self.status().await;
            if status.printer == state {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{:?}, not {state:?}", status.printer);
            tokio::time::sleep(SOON).await;
        }
    }

    /// Asked, not awaited as an event: the first look at the slot may come before anybody listens.
    pub async fn until_slot(&self, state: SlotState) {
        let start = Instant::now();
        loop {
            let slot = self.status().await.slot;
            if slot == Some(state) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{slot:?}, not {state:?}");
            tokio::time::sleep(SOON).await;
        }
    }

    /// The device of this kind, once the agent knows of it.
    pub async fn device(&self, kind: DeviceKind) -> Device {
        let start = Instant::now();
        loop {
            let status = self.status().await;
            if let Some(device) = status.devices.iter().find(|device| device.kind == kind) {
                return *device;
            }
            assert!(start.elapsed() < PATIENCE, "no {kind:?}");
            tokio::time::sleep(SOON).await;
        }
    }

    pub async fn until_device(&self, kind: DeviceKind, state: DeviceState) {
        let start = Instant::now();
        loop {
            let device = self.device(kind).await;
            if device.state == state {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{device:?}, not {state:?}");
            tokio::time::sleep(SOON).await;
        }
    }

    pub async fn job(&self, id: &str) -> Job {
        self.connection().await.job(id).await.unwrap()
    }

    pub async fn until_job(&self, id: &str, state: JobState) {
        let start = Instant::now();
        while self.job(id).await.state != state {
            assert!(
                start.elapsed() < PATIENCE,
                "{:?}, not {state:?}",
                self.job(id).await
            );
            tokio::time::sleep(SOON).await;
        }
    }

    pub async fn until_sent(&self, id: &str, percent: u8) {
        let start = Instant::now();
        while self.job(id).await.sent_percent < percent {
            assert!(start.elapsed() < PATIENCE, "{:?}", self.job(id).await);
            tokio::time::sleep(SOON).await;
        }
    }

    /// Waits for an event that moves a job on; its states so far are in `states`.
    pub async fn next_state_of(&mut self, id: &str, states: &mut Vec<JobState>) -> Job {
        let start = Instant::now();
        loop {
            let event = self.events.lock().unwrap().get(self.seen).cloned();
            let Some(event) = event else {
                assert!(
                    start.elapsed() < PATIENCE,
                    "the job stands still after {states:?}"
                );
                tokio::time::sleep(SOON).await;
                continue;
            };
            self.seen += 1;
            if let Change::Job(job) = event.change
                && job.id == id
                && states.last() != Some(&job.state)
            {
                states.push(job.state);
                return job;
            }
        }
    }

    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    /// What the printer was said to be, in order.
    pub fn states_of_printer(&self) -> Vec<PrinterState> {
        let mut states = vec![PrinterState::Ready];
        states.extend(self.events().into_iter().filter_map(|event| match event.change {
            Change::Printer(state) => Some(state),
            _ => None,
        }));
        states
    }

    pub fn scans(&self) -> usize {
        let is_scan = |event: &&Event| matches!(event.change, Change::Scan(_));
        self.events.lock().unwrap().iter().filter(is_scan).count()
    }

    pub async fn until_scans(&self, count: usize) {
        let start = Instant::now();
        while self.scans() < count {
            assert!(start.elapsed() < PATIENCE, "{} scans", self.scans());
            tokio::time::sleep(SOON).await;
        }
    }
}
