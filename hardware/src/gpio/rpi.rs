//! The pins of a Raspberry Pi.

use std::collections::HashMap;

use rppal::gpio::{Error, Gpio, InputPin, OutputPin, Pin};

use super::{GpioError, Level, Pins};

pub(super) struct RaspberryPi {
    inputs: HashMap<u32, InputPin>,
    outputs: HashMap<u32, OutputPin>,
}

impl RaspberryPi {
    pub(super) fn open(inputs: &[u32], outputs: &[(u32, Level)]) -> Result<Self, GpioError> {
        let gpio = Gpio::new().map_err(|error| match error {
            Error::UnknownModel => GpioError::None,
            error => GpioError::Io(error.to_string()),
        })?;
        let pin = |line: u32| -> Result<Pin, GpioError> {
            let refused = |reason: String| GpioError::Line { line, reason };
            let number = u8::try_from(line).map_err(|error| refused(error.to_string()))?;
            gpio.get(number).map_err(|error| refused(error.to_string()))
        };
        Ok(Self {
            inputs: inputs
                .iter()
                .map(|line| Ok((*line, pin(*line)?.into_input())))
                .collect::<Result<_, GpioError>>()?,
            outputs: outputs
                .iter()
                .map(|(line, level)| {
                    let pin = pin(*line)?;
                    Ok((
                        *line,
                        match level {
                            Level::Low => pin.into_output_low(),
                            Level::High => pin.into_output_high(),
                        },
                    ))
                })
                .collect::<Result<_, GpioError>>()?,
        })
    }
}

impl Pins for RaspberryPi {
    fn read(&mut self, line: u32) -> Result<Level, GpioError> {
        let pin = self.inputs.get(&line).ok_or_else(|| not_taken(line))?;
        Ok(if pin.is_high() { Level::High } else { Level::Low })
    }

    fn write(&mut self, line: u32, level: Level) -> Result<(), GpioError> {
        let pin = self.outputs.get_mut(&line).ok_or_else(|| not_taken(line))?;
        match level {
            Level::Low => pin.set_low(),
            Level::High => pin.set_high(),
        }
        Ok(())
    }
}

pub(super) fn not_taken(line: u32) -> GpioError {
    GpioError::Line {
        line,
        reason: "it was not taken".to_owned(),
    }
}
