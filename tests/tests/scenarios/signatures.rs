//! Signatures with a small-order part: valid under ZIP-215, and everywhere, alone and in any company.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use entente_shared::crypto::{Claim, Key, Purpose, verify, verify_all};
use entente_shared::ids::*;
use entente_shared::statement::{Act, Statement};
use entente_tests::hand::Hand;
use entente_tests::history::{Beginning, beginning};
use entente_tests::places::claim;
use entente_tests::teams::NEWYORK;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha512};

const LABEL: &[u8] = b"entente statement 1\n";

/// Signs with a nonce point to which a point of small order is added.
fn sign_with_torsion(key: &Key, message: &[u8], torsion: usize) -> Signature {
    let expanded: [u8; 64] = Sha512::digest(key.secret()).into();
    let secret = Scalar::from_bytes_mod_order(clamp_integer(expanded[..32].try_into().unwrap()));
    let nonce = Scalar::from_bytes_mod_order_wide(
        &Sha512::new().chain_update(&expanded[32..]).chain_update(message).finalize().into(),
    );
    let point = ED25519_BASEPOINT_POINT * nonce + EIGHT_TORSION[torsion];
    let encoded = point.compress().to_bytes();
    let challenge = Sha512::new()
        .chain_update(encoded)
        .chain_update(key.public())
        .chain_update(LABEL)
        .chain_update(message);
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into());
    let scalar = nonce + challenge * secret;
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&encoded);
    bytes[32..].copy_from_slice(scalar.as_bytes());
    Signature(bytes)
}

#[test]
fn a_signature_with_torsion_has_one_verdict_alone_and_in_every_batch() {
    let key = Key::from_secret([3; 32]);
    let messages: Vec<Vec<u8>> = (0..12_u8).map(|n| vec![n; 40]).collect();
    let crafted: Vec<Signature> =
        messages.iter().enumerate().map(|(n, message)| sign_with_torsion(&key, message, n % 8)).collect();
    let honest: Vec<Signature> =
        messages.iter().map(|message| key.sign(Purpose::Statement, &[message])).collect();
    let mut forged = crafted.clone();
    forged.iter_mut().for_each(|signature| signature.0[40] ^= 1);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for (message, (good, bad)) in messages.iter().zip(crafted.iter().zip(&forged)) {
        assert!(verify(Purpose::Statement, &key.public(), &[message], good));
        assert!(!verify(Purpose::Statement, &key.public(), &[message], bad));
    }
    // Every choice of crafted and honest signatures, and each with one that is forged among them.
    for choice in 0_usize..1 << messages.len() {
        if choice.count_ones() > 4 && choice % 7 != 0 {
            continue;
        }
        let claim = |n: usize, signature: Signature| Claim {
            purpose: Purpose::Statement,
            public: key.public(),
            message: &messages[n],
            signature,
        };
        let pick = |n: usize| if choice >> n & 1 == 1 { crafted[n] } else { honest[n] };
        let mut claims: Vec<_> = (0..messages.len()).map(|n| claim(n, pick(n))).collect();
        assert!(verify_all(&claims, &mut random), "choice {choice:b}");
        let place = choice % messages.len();
        claims[place] = claim(place, forged[place]);
        assert!(!verify_all(&claims, &mut random), "choice {choice:b} with a forged one at {place}");
    }
}

#[test]
fn statements_with_torsion_in_their_signatures_stand_on_the_relay_and_on_every_replica() {
    let Beginning { mut world, matrix, .. } = beginning(3);
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.online(&name);
    }
    world.run();
    let key = world.device("dana").key.clone();
    let mut hand = Hand::of(&mut world, "dana", matrix);
    let section = format!("party/{NEWYORK}");
    let mut crafted = Vec::new();
    let mut base: Vec<StatementId> = Vec::new();
    for (torsion, word) in
        ["own", "none", "support", "discuss", "own", "none", "support", "own"].iter().enumerate()
    {
        let plain = hand.edit(&base, &[(&section, claim("creative", word))]);
        let mut envelope = plain.envelope.clone();
        envelope.signature = sign_with_torsion(&key, &envelope.header, torsion);
        let statement = Statement::open_verified(envelope).expect("valid under ZIP-215");
        assert_eq!(statement.id, plain.id, "the signature is no part of the id");
        base = vec![statement.id];
        crafted.push(statement);
    }
    // All in one frame, with an honest one of somebody else at the same time.
    crafted.iter().for_each(|statement| world.hand_in("dana", statement));
    world.edit("sam", matrix, &section.as_str().into(), claim("outreach", "own")).expect("own column");
    world.heal();
    world.check();
    world.verify().expect("the ledgers are as the rules say");
    let document = world.replica("ruth").document(matrix).expect("it is there");
    assert!(crafted.iter().all(|statement| document.is_effective(&statement.id)));
    assert!(matches!(crafted[0].header.act, Act::Edit { .. }));
}
