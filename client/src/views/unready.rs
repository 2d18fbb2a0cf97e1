//! Why a section cannot be signed yet, by the names that people give things.

use entente_shared::content::Path;
use entente_shared::ids::*;
use entente_shared::judge::Unready;

use super::overlaps::Overlaps;
use super::place::Naming;
use super::proposal::section_name;
use super::setting::Setting;
use crate::replica::Replica;
use crate::words::Words;

/// What people call a section of a document.
pub fn section_text(replica: &Replica, document: DocumentId, section: &SectionId, words: &Words) -> String {
    let kind = replica.document(document).ok().map(|document| document.kind());
    match Setting::of(replica, 0) {
        Ok(setting) => section_name(kind, section, &setting, words),
        Err(_) => section.to_string(),
    }
}

/// What is to be settled before a section can be signed, one line each.
pub fn unready_texts(
    replica: &Replica,
    document: DocumentId,
    section: &SectionId,
    reasons: &[Unready],
    words: &Words,
) -> Vec<String> {
    let lang = words.lang();
    let setting = Setting::of(replica, 0).ok();
    let replicated = replica.replicated(document).ok();
    let field = |path: &Path| match (&setting, replicated) {
        (Some(setting), Some(replicated)) => {
            Naming::new(setting, replicated).place(section, path).label.get(lang).to_owned()
        }
        _ => path.to_string(),
    };
    let overlaps = Overlaps::of(replica, document, 0).ok();
    let function = |row: &str| {
        let overlap = overlaps.iter().flat_map(|all| &all.overlaps).find(|one| one.function == row);
        let gap = overlaps.iter().flat_map(|all| &all.gaps).find(|one| one.function == row);
        let label = overlap.map(|one| &one.label).or(gap.map(|one| &one.label));
        label.map_or_else(|| row.to_owned(), |label| label.get(lang).to_owned())
    };
    let name = |reason: &Unready| match (reason, &setting) {
        (Unready::OneSided { party }, Some(setting)) => setting.label(party, lang),
        (Unready::TwoValues { path }, _)
        | (Unready::Untranslated { path }, _)
        | (Unready::OldTranslation { path }, _)
        | (Unready::Empty { path }, _) => field(path),
        (Unready::Overlap { row } | Unready::Gap { row }, _) => function(row),
        _ => reason.about(),
    };
    reasons.iter().map(|reason| words.unready(reason, name)).collect()
}
