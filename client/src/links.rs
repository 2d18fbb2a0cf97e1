//! The links that people pass on: to found a partnership, to join one, and to get in again.
//!
//! `https://relay.example/#found-…` carries the operator's token (16 bytes) and the relay's key;
//! `https://relay.example/join#…` carries the partnership's id and the secret half of an invite
//! key; `https://relay.example/recover#…` carries the partnership's id alone, and stands on paper
//! beside a recovery key. All of it stands behind `#`, so browsers send it to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entente_shared::crypto::Key;
use entente_shared::ids::{PartnershipId, RelayId};

const FOUND: &str = "found-";
const JOIN: &str = "/join";
const RECOVER: &str = "/recover";

/// What a founding link carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundingLink {
    /// The relay's address, as in `https://relay.example`.
    pub address: String,
    /// The operator's token.
    pub token: Vec<u8>,
    /// The relay's key.
    pub relay: RelayId,
}

/// What an invitation's link carries.
#[derive(Debug, Clone)]
pub struct JoinLink {
    /// The relay's address.
    pub address: String,
    /// The partnership.
    pub partnership: PartnershipId,
    /// The invite key.
    pub key: Key,
}

impl FoundingLink {
    /// Reads a founding link; `None` if it is none, or not complete.
    pub fn parse(link: &str) -> Option<Self> {
        let (address, fragment) = link.trim().split_once('#')?;
        let bytes = URL_SAFE_NO_PAD.decode(fragment.strip_prefix(FOUND)?).ok()?;
        let (token, relay) = bytes.split_last_chunk::<32>()?;
        if token.is_empty() {
            return None;
        }
        Some(Self { address: base(address)?, token: token.to_vec(), relay: RelayId(*relay) })
    }
}

impl JoinLink {
    /// Reads an invitation's link; `None` if it is none, or not complete.
    pub fn parse(link: &str) -> Option<Self> {
        let (address, fragment) = link.trim().split_once('#')?;
        let address = address.trim_end_matches('/').strip_suffix(JOIN)?;
        let bytes: [u8; 64] = URL_SAFE_NO_PAD.decode(fragment).ok()?.try_into().ok()?;
        let (partnership, secret) = bytes.split_first_chunk::<32>()?;
        let key = Key::from_secret(secret.try_into().ok()?);
        Some(Self { address: base(address)?, partnership: PartnershipId(*partnership), key })
    }
}

impl std::fmt::Display for JoinLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secret = [self.partnership.0, self.key.secret()].concat();
        write!(f, "{}{JOIN}#{}", self.address, URL_SAFE_NO_PAD.encode(secret))
    }
}

/// Where a recovery key is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryLink {
    /// The relay's address.
    pub address: String,
    /// The partnership.
    pub partnership: PartnershipId,
}

impl RecoveryLink {
    /// Reads the link beside a recovery key; `None` if it is none, or not complete.
    pub fn parse(link: &str) -> Option<Self> {
        let (address, fragment) = link.trim().split_once('#')?;
        let address = base(address.trim_end_matches('/').strip_suffix(RECOVER)?)?;
        let partnership = URL_SAFE_NO_PAD.decode(fragment).ok()?.try_into().ok()?;
        Some(Self { address, partnership: PartnershipId(partnership) })
    }
}

impl std::fmt::Display for RecoveryLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{RECOVER}#{}", self.address, URL_SAFE_NO_PAD.encode(self.partnership.0))
    }
}

/// An address without what follows its path; `None` if nothing can be reached by it.
fn base(address: &str) -> Option<String> {
    let address = address.trim_end_matches('/');
    socket_url(address).map(|_| address.to_owned())
}

/// The WebSocket address of a relay: `wss://relay.example/ws` for `https://relay.example`.
pub fn socket_url(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = match scheme {
        "https" | "wss" => "wss",
        "http" | "ws" => "ws",
        _ => return None,
    };
    if rest.is_empty() || rest.contains(['#', '?', ' ']) {
        return None;
    }
    Some(format!("{scheme}://{}/ws", rest.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_survives_its_link() {
        let link = JoinLink {
            address: "https://relay.example".into(),
            partnership: PartnershipId([7; 32]),
            key: Key::from_secret([9; 32]),
        };
        let read = JoinLink::parse(&format!(" {link}\n")).expect("a link");
        assert_eq!((read.address, read.partnership), (link.address, link.partnership));
        assert_eq!(read.key.secret(), [9; 32]);
    }

    #[test]
    fn the_link_beside_a_recovery_key_survives() {
        let link =
            RecoveryLink { address: "https://a.example/x".into(), partnership: PartnershipId([5; 32]) };
        assert_eq!(RecoveryLink::parse(&link.to_string()), Some(link));
    }

    #[test]
    fn a_founding_link_names_token_and_relay() {
        let fragment = URL_SAFE_NO_PAD.encode([[1; 16].as_slice(), &[2; 32]].concat());
        let link = FoundingLink::parse(&format!("http://127.0.0.1:4040/#found-{fragment}"));
        let address = "http://127.0.0.1:4040".to_owned();
        assert_eq!(link, Some(FoundingLink { address, token: vec![1; 16], relay: RelayId([2; 32]) }));
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for text in ["", "https://relay.example/", "https://relay.example/#found-", "ftp://a/#found-AAAA"] {
            assert!(FoundingLink::parse(text).is_none() && JoinLink::parse(text).is_none(), "{text}");
        }
        assert!(JoinLink::parse("https://relay.example/join#AAAA").is_none());
    }

    #[test]
    fn addresses_lead_to_the_socket() {
        assert_eq!(socket_url("https://a.example/x/").as_deref(), Some("wss://a.example/x/ws"));
        assert_eq!(socket_url("http://[::1]:80").as_deref(), Some("ws://[::1]:80/ws"));
        assert_eq!(socket_url("relay.example"), None);
    }
}
