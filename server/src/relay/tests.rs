//! The relay's behaviour as stories: every action in a line.

mod handshake;
