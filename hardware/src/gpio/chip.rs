//! The lines of any board's GPIO chip.

use std::path::Path;

use gpiocdev::Request;
use gpiocdev::line::Value;
use gpiocdev::request::Config;

use super::{GpioError, Level, Pins};

pub(super) struct ChipLines {
    request: Request,
}

impl ChipLines {
    pub(super) fn open(path: &Path, inputs: &[u32], outputs: &[(u32, Level)]) -> Result<Self, GpioError> {
        if !path.exists() {
            return Err(GpioError::None);
        }
        let mut config = Config::default();
        for line in inputs {
            config.with_line(*line).as_input();
        }
        for (line, level) in outputs {
            config.with_line(*line).as_output(value(*level));
        }
        let request = Request::from_config(config)
            .on_chip(path)
            .with_consumer("mingchuang")
            .request()
            .map_err(|error| GpioError::Io(format!("{}: {error}", path.display())))?;
        Ok(Self { request })
    }
}

const fn value(level: Level) -> Value {
    match level {
        Level::Low => Value::Inactive,
        Level::High => Value::Active,
    }
}

fn failed(line: u32, error: &gpiocdev::Error) -> GpioError {
    GpioError::Line {
        line,
        reason: error.to_string(),
    }
}

impl Pins for ChipLines {
    fn read(&mut self, line: u32) -> Result<Level, GpioError> {
        match self.request.value(line) {
            Ok(Value::Active) => Ok(Level::High),
            Ok(Value::Inactive) => Ok(Level::Low),
            Err(error) => Err(failed(line, &error)),
        }
    }

    fn write(&mut self, line: u32, level: Level) -> Result<(), GpioError> {
        self.request
            .set_value(line, value(level))
            .map(drop)
            .map_err(|error| failed(line, &error))
    }
}
