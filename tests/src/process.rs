//! Real processes: the relay's program, and clients that reach it over real sockets.
//!
//! | module | what it is |
//! |---|---|
//! | [`relay`] | the relay's program: started, killed, measured |
//! | [`member`] | whole replicas, to found a partnership and to join it |
//! | [`socket`] | devices that greet, read and send frames, and keep nothing |
//! | [`author`] | devices that sign statements, faster than a whole replica does |
//! | [`lane`] | one author under load, who submits again what was not acknowledged |
//! | [`witness`] | a reader who keeps every entry and notices when one is gone |

pub mod author;
pub mod lane;
pub mod member;
pub mod relay;
pub mod socket;
pub mod witness;

/// Draws random bytes from the system: for keys, salts and nonces, which no seed repeats.
pub fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

fn fill(bytes: &mut [u8]) {
    use rand::TryRng as _;
    rand::rngs::SysRng.try_fill_bytes(bytes).expect("the system has random bytes");
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "statements carry the clock of their device")]
pub fn unix_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}
