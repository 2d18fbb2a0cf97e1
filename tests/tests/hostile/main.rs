//! What strangers, broken clients and ill-willed members may send to the relay's program: each is
//! answered as designed, in bounded time and memory, and everybody else is served on.

mod bytes;
mod crowds;
mod frames;
mod handshakes;
mod limits;
mod readers;
mod statements;
mod world;
#[path = "../../../shared/tests/gate_support/writer.rs"]
#[expect(dead_code, reason = "it can write more than is tried here")]
mod writer;
