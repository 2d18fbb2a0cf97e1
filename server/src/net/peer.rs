//! Who is at the other end of a TCP connection, and for whom a trusted proxy says it speaks.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::OwnedSemaphorePermit;

use crate::config::Network;

/// The other end of a TCP connection, and its place among the connections.
#[derive(Clone)]
pub(super) struct Peer {
    pub address: IpAddr,
    /// Given back when the last holder is gone: the HTTP connection, or the WebSocket made of it.
    pub _place: Arc<Place>,
}

/// One of the connections that there may be at once.
pub(super) struct Place {
    pub _permit: OwnedSemaphorePermit,
    pub metrics: Arc<crate::metrics::Metrics>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.connections.fall();
    }
}

impl Peer {
    /// The address by which connections are counted: of the client, if a trusted proxy names it,
    /// else of the peer. Of an IPv6 address the /64, which one household or machine has whole.
    pub fn address(&self, trusted: &[Network], headers: &HeaderMap) -> IpAddr {
        let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
        let mut found = self.address;
        if is_trusted(&found) {
            let values = headers.get_all("x-forwarded-for").iter();
            let named: Vec<_> =
                values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
            // Each proxy adds at the end whom it saw; beyond the first that is not ours it is hearsay.
            for name in named.into_iter().rev() {
                let Ok(address) = name.trim().parse() else { break };
                found = address;
                if !is_trusted(&found) {
                    break;
                }
            }
        }
        counted(found)
    }
}

fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let room = Arc::new(tokio::sync::Semaphore::new(1));
        let place = Place { _permit: room.try_acquire_owned().unwrap(), metrics: Arc::default() };
        place.metrics.connections.rise();
        let peer = Peer { address: peer.parse().unwrap(), _place: Arc::new(place) };
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        peer.address(&trusted, &headers).to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.5");
        assert_eq!(address("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(
            address("10.0.0.1", &["1.1.1.1, 198.51.100.1", "10.0.0.9"], &["10.0.0.0/8"]),
            "198.51.100.1"
        );
        assert_eq!(address("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address("::ffff:10.0.0.1", &["2001:db8:1:2:3:4:5:6"], &["10.0.0.0/8"]), "2001:db8:1:2::");
    }
}
