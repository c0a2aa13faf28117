//! What the terminal's programs share: its configuration and the varlink interface between them.
