//! A panel in memory, drawn to as the KMS backend does: the whole frame, into a buffer that stays.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use slint::PlatformError;
use slint::platform::software_renderer::{MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType};
use slint::platform::{Platform, WindowAdapter, update_timers_and_animations};

/// A panel of 32 bits a pixel.
#[derive(Clone)]
pub(crate) struct Panel {
    window: Rc<MinimalSoftwareWindow>,
    frame: Rc<RefCell<Vec<PremultipliedRgbaColor>>>,
}

struct Board {
    panel: Panel,
    start: Instant,
}

impl Platform for Board {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(Rc::clone(&self.panel.window) as Rc<dyn WindowAdapter>)
    }

    fn duration_since_start(&self) -> Duration {
        self.start.elapsed()
    }
}

impl Panel {
    /// Makes it the panel of every window that is opened from now on. Once a process.
    pub(crate) fn plug_in() -> Result<Self, PlatformError> {
        let panel = Self {
            window: MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer),
            frame: Rc::default(),
        };
        slint::platform::set_platform(Box::new(Board {
            panel: panel.clone(),
            start: Instant::now(),
        }))
        .map_err(PlatformError::SetPlatformError)?;
        Ok(panel)
    }

    /// Lets timers run and draws what has changed. Returns whether anything had.
    pub(crate) fn refresh(&self) -> bool {
        update_timers_and_animations();
        let size = self.window.size();
        let mut frame = self.frame.borrow_mut();
        frame.resize(
            (size.width * size.height) as usize,
            PremultipliedRgbaColor::default(),
        );
        self.window.draw_if_needed(|renderer| {
            renderer.render(&mut frame, size.width as usize);
        })
    }

    /// How many colours a corner-to-corner line of the frame has: a blank one has one.
    pub(crate) fn colours(&self) -> usize {
        let size = self.window.size();
        let frame = self.frame.borrow();
        let mut seen: Vec<[u8; 3]> = (0..size.width.min(size.height))
            .filter_map(|at| frame.get((at * size.width + at) as usize))
            .map(|pixel| [pixel.red, pixel.green, pixel.blue])
            .collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    }
}
