//! A resident without a screen: finds controls by what they are called, presses them, looks at the picture.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, ElementQuery, TestingBackend, TestingBackendOptions,
};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{
    ComponentHandle as _, LogicalPosition, PhysicalSize, PlatformError, Rgba8Pixel, SharedPixelBuffer,
};
use terminal_api::config::Orientation;

use crate::{App, Setup};

/// How time passes for a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the machine can: [`Visitor::wait`] moves the screen's clock by hand.
    Simulated,
    /// By the wall clock, with the event loop running while one waits: what other threads send arrives. One visitor a
    /// process.
    Real,
}

/// A resident in front of a kiosk that draws into memory.
pub struct Visitor {
    app: Rc<App>,
    pace: Pace,
}

/// Something on the screen that can be pressed or read.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub role: AccessibleRole,
    /// Where it is, in pixels of the design: left, top, width, height.
    pub place: [f32; 4],
    /// Whether it can be used.
    pub enabled: bool,
}

impl Seen {
    /// Whether it is something to press.
    #[must_use]
    pub const fn is_control(&self) -> bool {
        matches!(
            self.role,
            AccessibleRole::Button
                | AccessibleRole::Checkbox
                | AccessibleRole::Tab
                | AccessibleRole::ListItem
        )
    }
}

impl Visitor {
    /// Puts a kiosk up and stands in front of its attract screen. Once a thread.
    pub fn arrive(setup: Setup, clock: Arc<dyn Clock>, pace: Pace) -> Result<Self, PlatformError> {
        slint::platform::set_platform(Box::new(TestingBackend::new(TestingBackendOptions {
            mock_time: pace == Pace::Simulated,
            threading: pace == Pace::Real,
            renderer_name: Some("software".into()),
        })))
        .map_err(PlatformError::SetPlatformError)?;
        Self::stand_before(setup, clock, pace)
    }

    /// Like [`arrive`](Self::arrive), once more on the same thread.
    pub fn stand_before(setup: Setup, clock: Arc<dyn Clock>, pace: Pace) -> Result<Self, PlatformError> {
        let (width, height) = match setup.orientation {
            Orientation::Portrait => (1080, 1920),
            Orientation::Landscape => (1920, 1080),
        };
        let app = App::new(setup, clock)?;
        app.window().show()?;
        app.window().window().set_size(PhysicalSize::new(width, height));
        Ok(Self { app, pace })
    }

    /// The kiosk.
    #[must_use]
    pub fn app(&self) -> &Rc<App> {
        &self.app
    }

    /// Lets time pass.
    pub fn wait(&self, duration: Duration) {
        match self.pace {
            Pace::Simulated => {
                // A timer fires at most once an update.
                let step = Duration::from_millis(100);
                let mut left = duration;
                while !left.is_zero() {
                    let next = left.min(step);
                    i_slint_backend_testing::mock_elapsed_time(next);
                    left -= next;
                }
            }
            Pace::Real => {
                slint::Timer::single_shot(duration, || {
                    slint::quit_event_loop().expect("the event loop is running");
                });
                slint::run_event_loop().expect("the testing backend has an event loop");
            }
        }
    }

    /// All that is on the screen and has a name, from top to bottom as a keypad would reach it.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        let size = self
            .app
            .window()
            .window()
            .size()
            .to_logical(self.app.window().window().scale_factor());
        self.named()
            .iter()
            .map(describe)
            .filter(|seen| {
                let [x, y, width, height] = seen.place;
                x + width > 0.0 && y + height > 0.0 && x < size.width && y < size.height
            })
            .collect()
    }

    /// Whether something called `label` is on the screen.
    #[must_use]
    pub fn sees(&self, label: &str) -> bool {
        self.seen().iter().any(|seen| seen.label == label)
    }

    /// Whether some text on the screen contains `part`.
    #[must_use]
    pub fn reads(&self, part: &str) -> bool {
        self.seen().iter().any(|seen| seen.label.contains(part))
    }

    /// Presses the control called `label`, with the finger in its middle.
    ///
    /// # Panics
    /// When no such control is on the screen, or it is out of use.
    pub fn press(&self, label: &str) {
        let control = self
            .seen()
            .into_iter()
            .filter(Seen::is_control)
            .find(|seen| seen.label == label)
            .unwrap_or_else(|| panic!("nothing to press is called {label:?}: {:#?}", self.labels()));
        assert!(control.enabled, "{label:?} is out of use");
        let [x, y, width, height] = control.place;
        self.touch(x + width / 2.0, y + height / 2.0);
    }

    /// Touches a point, in pixels of the design.
    pub fn touch(&self, x: f32, y: f32) {
        let window = self.app.window().window();
        let position = LogicalPosition::new(x, y);
        let button = PointerEventButton::Left;
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        self.wait(Duration::from_millis(50));
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
        self.wait(Duration::from_millis(50));
    }

    /// Presses a key of the keypad.
    pub fn key(&self, key: impl Into<slint::SharedString>) {
        let window = self.app.window().window();
        let text = key.into();
        window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        window.dispatch_event(WindowEvent::KeyReleased { text });
    }

    /// The names of what can be pressed.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = self
            .seen()
            .into_iter()
            .filter(Seen::is_control)
            .map(|seen| seen.label)
            .collect();
        labels.dedup();
        labels
    }

    /// The picture on the screen.
    pub fn picture(&self) -> Result<SharedPixelBuffer<Rgba8Pixel>, PlatformError> {
        self.app.window().window().take_snapshot()
    }

    /// Writes the picture on the screen as PNG, and returns it.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn save_picture(&self, path: &Path) -> Result<SharedPixelBuffer<Rgba8Pixel>, PlatformError> {
        let picture = self.picture()?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("the folder for pictures can be made");
        }
        let file = BufWriter::new(File::create(path).expect("the picture's file can be made"));
        let mut encoder = png::Encoder::new(file, picture.width(), picture.height());
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(picture.as_bytes()))
            .expect("the picture can be written");
        Ok(picture)
    }

    fn named(&self) -> Vec<ElementHandle> {
        ElementQuery::from_root(self.app.window())
            .match_descendants()
            .match_predicate(|element| {
                element.accessible_role().is_some()
                    && element.accessible_label().is_some_and(|label| !label.is_empty())
            })
            .find_all()
    }
}

fn describe(element: &ElementHandle) -> Seen {
    let (position, size) = (element.absolute_position(), element.size());
    Seen {
        label: element.accessible_label().unwrap_or_default().to_string(),
        role: element.accessible_role().unwrap_or(AccessibleRole::None),
        place: [position.x, position.y, size.width, size.height],
        enabled: element.accessible_enabled().unwrap_or(true),
    }
}
