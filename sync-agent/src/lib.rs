//! The terminal's daemon: releases in, slips out, devices in hand.
