//! An agent whose every answer can be held back, and which can go away and come back; it prints nothing.
#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use serde_json::{Value, json};
use terminal_api::interface::JobState;

/// The agent's other end.
#[derive(Clone, Default)]
pub(crate) struct Agent(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_away: bool,
    lines: Vec<UnixStream>,
    calls: Vec<(String, Value)>,
    held: HashSet<&'static str>,
    jobs: Vec<JobState>,
}

impl Agent {
    /// Answers on `socket` from now on, with these jobs in its queue: `job-0` and so on.
    pub(crate) fn start(socket: &Path, jobs: &[JobState]) -> Self {
        let agent = Self::default();
        agent.state().jobs = jobs.to_vec();
        let listener = UnixListener::bind(socket).unwrap();
        let accepting = agent.clone();
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let (agent, line) = (accepting.clone(), line.unwrap());
                if !agent.state().is_away {
                    agent.state().lines.push(line.try_clone().unwrap());
                    std::thread::spawn(move || agent.serve(line));
                }
            }
        });
        agent
    }

    /// Breaks all connections, and every new one.
    pub(crate) fn go_away(&self) {
        let mut state = self.state();
        state.is_away = true;
        for line in state.lines.drain(..) {
            // It may be closed already.
            drop(line.shutdown(Shutdown::Both));
        }
        self.0.changed.notify_all();
    }

    /// Answers again.
    pub(crate) fn come_back(&self) {
        self.state().is_away = false;
    }

    /// Hears calls of `method` and does nothing about them until they are let go.
    pub(crate) fn hold(&self, method: &'static str) {
        self.state().held.insert(method);
    }

    /// Does what was held back.
    pub(crate) fn let_go(&self, method: &'static str) {
        self.state().held.remove(method);
        self.0.changed.notify_all();
    }

    /// Moves a job on.
    pub(crate) fn set(&self, job: usize, to: JobState) {
        self.state().jobs[job] = to;
    }

    /// Where all jobs stand.
    pub(crate) fn jobs(&self) -> Vec<JobState> {
        self.state().jobs.clone()
    }

    /// How often `method` was called.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.state()
            .calls
            .iter()
            .filter(|(name, _)| name == method)
            .count()
    }

    /// What was said about slips that did or did not come out.
    pub(crate) fn answers(&self) -> Vec<Value> {
        let state = self.state();
        let answers = state.calls.iter().filter(|(name, _)| name == "Answer");
        answers.map(|(_, parameters)| parameters.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn serve(&self, mut line: UnixStream) {
        let mut calls = BufReader::new(line.try_clone().unwrap());
        loop {
            let mut call = Vec::new();
            // A broken line is one that nobody needs any more.
            if calls.read_until(0, &mut call).unwrap_or_default() == 0 {
                return;
            }
            call.pop();
            let call: Value = serde_json::from_slice(&call).unwrap();
            let method = call["method"].as_str().unwrap().rsplit('.').next().unwrap();
            self.state()
                .calls
                .push((method.to_owned(), call["parameters"].clone()));
            let waits = |state: &mut State| state.held.contains(method);
            let mut state = self.0.changed.wait_while(self.state(), waits).unwrap();
            // An agent that went away while it worked has done its work all the same.
            let Some(reply) = state.answer(method, &call["parameters"]) else {
                continue;
            };
            let mut reply = serde_json::to_vec(&reply).unwrap();
            reply.push(0);
            if line.write_all(&reply).is_err() {
                return;
            }
        }
    }
}

impl State {
    fn answer(&mut self, method: &str, parameters: &Value) -> Option<Value> {
        let named = |name: &str| -> usize {
            let job = parameters[name].as_str().unwrap();
            job.strip_prefix("job-").unwrap().parse().unwrap()
        };
        match method {
            "Status" => Some(json!({ "parameters": {
                "agent_version": "0", "seq": 1, "printer": "ready", "network": "reachable",
                "release": { "state": "current", "clock_behind": false },
            } })),
            "Watch" => None,
            "Print" => {
                self.jobs.push(JobState::Queued);
                Some(self.job(self.jobs.len() - 1))
            }
            "Job" => Some(self.job(named("id"))),
            "Cancel" => Some(self.settle(named("job"), JobState::Queued, JobState::Cancelled)),
            "Answer" => {
                let to = if parameters["came_out"] == true {
                    JobState::CameOut
                } else {
                    JobState::NothingCameOut
                };
                Some(self.settle(named("job"), JobState::Uncertain, to))
            }
            "EndSession" => {
                let waiting = self.jobs.iter_mut().filter(|job| **job == JobState::Queued);
                let cancelled = waiting.map(|job| *job = JobState::Cancelled).count();
                Some(json!({ "parameters": { "cancelled": cancelled } }))
            }
            _ => Some(json!({})),
        }
    }

    fn settle(&mut self, job: usize, from: JobState, to: JobState) -> Value {
        if self.jobs[job] == from {
            self.jobs[job] = to;
            return self.job(job);
        }
        json!({
            "error": "org.mingchuang.Terminal.WrongState",
            "parameters": { "job": format!("job-{job}"), "state": self.jobs[job] },
        })
    }

    fn job(&self, job: usize) -> Value {
        json!({ "parameters": {
            "id": format!("job-{job}"), "state": self.jobs[job], "sent_percent": 0, "created_at": "2026-11-22T08:00:00Z",
        } })
    }
}
