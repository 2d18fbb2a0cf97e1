//! Short names of statements: `h-7c1` for what waits or waited, `e-7c1` for any other.

use entente_shared::ids::{DocumentId, StatementId, hex};

use crate::replica::Replica;

/// Fewest hexadecimal digits of a short name.
const DIGITS_MIN: usize = 3;

/// The short names of all statements that this device knows.
pub struct Ids {
    /// Every statement with its document and whether it waits or waited, ascending.
    known: Vec<(StatementId, DocumentId, bool)>,
}

/// Why a short name leads to no statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Nothing is called so.
    Unknown,
    /// Several statements begin so; their short names.
    Ambiguous(Vec<String>),
}

impl Ids {
    /// Collects the statements of a replica.
    pub fn of(replica: &Replica) -> Self {
        let charter = replica.charter_id().ok();
        let documents = charter.into_iter().chain(replica.documents().keys().copied());
        let mut known = Vec::new();
        for id in documents {
            let Ok(replicated) = replica.replicated(id) else { continue };
            let held = |origin: &crate::replica::Origin| (origin.statement, id, origin.held);
            known.extend(replicated.origins().iter().map(held));
        }
        for outgoing in replica.outgoing() {
            let statement = &outgoing.statement;
            known.push((statement.id, statement.header.document, outgoing.suggestion));
        }
        known.sort_unstable();
        known.dedup_by_key(|(statement, ..)| *statement);
        Self { known }
    }

    /// The short name of a statement: as many digits as tell it from all others.
    pub fn short(&self, statement: &StatementId) -> String {
        let place = self.known.partition_point(|(other, ..)| other < statement);
        let own = self.known.get(place).filter(|(found, ..)| found == statement);
        let next = self.known.get(place + usize::from(own.is_some()));
        let before = place.checked_sub(1).and_then(|place| self.known.get(place));
        let digits = statement.to_hex();
        let shared = |other: &StatementId| {
            let other = other.to_hex();
            digits.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
        };
        let longest = [before, next].into_iter().flatten().map(|(other, ..)| shared(other)).max();
        let length = (longest.unwrap_or(0) + 1).clamp(DIGITS_MIN, digits.len());
        let letter = if own.is_none_or(|(.., waits)| *waits) { 'h' } else { 'e' };
        format!("{letter}-{}", &digits[..length])
    }

    /// Finds the statement that a short or whole name means, with its document.
    ///
    /// # Errors
    ///
    /// Nothing is called so, or several statements are.
    pub fn find(&self, name: &str) -> Result<(DocumentId, StatementId), IdError> {
        let name = name.trim().to_ascii_lowercase();
        let digits = name.strip_prefix("h-").or(name.strip_prefix("e-")).unwrap_or(&name);
        if digits.len() < DIGITS_MIN || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(IdError::Unknown);
        }
        let fits = |statement: &StatementId| hex(&statement.0).starts_with(digits);
        let found: Vec<_> = self.known.iter().filter(|(statement, ..)| fits(statement)).collect();
        match found[..] {
            [] => Err(IdError::Unknown),
            [(statement, document, _)] => Ok((*document, *statement)),
            _ => Err(IdError::Ambiguous(found.iter().map(|(one, ..)| self.short(one)).collect())),
        }
    }
}
