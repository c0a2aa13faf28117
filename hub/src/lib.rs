//! The operator's side: check, publish and serve content.
