//! The relay's program as a real process, over real sockets.

mod backups;
mod http;
mod idle;
mod process;
mod sockets;
mod starting;
mod tls;
mod world;
