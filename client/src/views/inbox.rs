//! What needs the reader beside suggestions to decide: signatures, versions that came back,
//! translations, and fields with several values where they write.

use entente_shared::content::Path;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::rules::{EditRight, Member, SectionRights, Touched};
use entente_shared::views::{Docs, Translation, translations};
use serde::Serialize;

use super::conflicts::Conflicts;
use super::place::{Naming, PlaceRef, both};
use super::setting::{PersonRef, Setting};
use super::standing::StandingLine;
use super::versions::VersionLine;
use crate::replica::{CommandError, Replica, Replicated};

/// Most places that are listed of one kind; of more only these.
const PLACES_MAX: usize = 100;

/// What needs the reader.
#[derive(Clone, Serialize)]
pub struct Inbox {
    /// Sections that wait for the reader's signature: somebody else has signed, or nothing is open.
    pub to_sign: Vec<SignLine>,
    /// The reader's versions that came back and were not sent again.
    pub came_back: Vec<CameBack>,
    /// Translations that are missing or older than their source, for whoever writes only those.
    pub to_translate: Vec<PlaceLine>,
    /// Fields with several values where the reader writes.
    pub to_choose: Vec<PlaceLine>,
}

/// A section that waits for the reader's signature.
#[derive(Clone, Serialize)]
pub struct SignLine {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Where the section stands.
    pub standing: StandingLine,
    /// What people call the section.
    pub label: kinds::Words,
    /// Whether nothing stands against signing.
    pub is_ready: bool,
}

/// A version that came back.
#[derive(Clone, Serialize)]
pub struct CameBack {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// The section.
    pub section: SectionId,
    /// What people call it.
    pub label: kinds::Words,
    /// The version, with who sent it back and why.
    pub version: VersionLine,
}

/// A place in a document.
#[derive(Clone, Serialize)]
pub struct PlaceLine {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// The place.
    pub place: PlaceRef,
    /// Who wrote there, where that is what is open.
    pub people: Vec<PersonRef>,
}

impl Inbox {
    /// What needs the reader at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let mut inbox = Self {
            to_sign: Vec::new(),
            came_back: Vec::new(),
            to_translate: Vec::new(),
            to_choose: Vec::new(),
        };
        let Some(me) = setting.me().cloned() else { return Ok(inbox) };
        for (document, replicated) in replica.documents() {
            if replica.stopped().contains_key(document) {
                continue;
            }
            let naming = Naming::new(&setting, replicated);
            for standing in StandingLine::all(replica, &setting, *document)? {
                inbox.take_standing(replica, &setting, &naming, replicated, standing)?;
            }
            inbox.take_translations(&setting, &naming, replicated, &me);
            inbox.take_conflicts(replica, &setting, replicated, &me)?;
        }
        Ok(inbox)
    }

    fn take_standing(
        &mut self,
        replica: &Replica,
        setting: &Setting,
        naming: &Naming<'_>,
        replicated: &Replicated,
        standing: StandingLine,
    ) -> Result<(), CommandError> {
        let (document, section) = (replicated.id(), standing.standing.section.clone());
        let title = || replicated.ledger().document().title().to_owned();
        let label = both(|lang| naming.section_title(&section, lang));
        let is_mine =
            |version: &&VersionLine| version.author.as_ref().is_some_and(|author| setting.is_me(&author.id));
        if let Some(version) = standing.came_back.as_ref().filter(is_mine).cloned() {
            let (title, label, section) = (title(), label.clone(), section.clone());
            self.came_back.push(CameBack { document, title, section, label, version });
        }
        let begun = standing.has_begun();
        if standing.yours_to_sign && standing.standing.review.is_none() {
            let is_ready = replica.signable(document, &section, setting.now_ms())?.refusal.is_none();
            if is_ready || begun {
                self.to_sign.push(SignLine { document, title: title(), standing, label, is_ready });
            }
        }
        Ok(())
    }

    /// How many sections somebody else has signed that wait for the reader's signature.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn signatures_asked(replica: &Replica, now_ms: u64) -> Result<usize, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let mut count = 0;
        for document in replica.documents().keys() {
            let lines = StandingLine::all(replica, &setting, *document)?;
            count += lines.iter().filter(|line| line.yours_to_sign && line.has_begun()).count();
        }
        Ok(count)
    }

    fn take_translations(
        &mut self,
        setting: &Setting,
        naming: &Naming<'_>,
        replicated: &Replicated,
        me: &Member,
    ) {
        let writes_some = |section: &SectionId| {
            let rights = setting.state().rights(&naming.kind().id, section);
            rights.asks_marks() && !may_write(&rights, me, &Path::default(), false)
        };
        let working = replicated.working();
        if !working.keys().any(writes_some) {
            return;
        }
        let docs: Docs<'_> = working.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
        for state in translations(naming.kind(), &docs) {
            let open = matches!(state.translation, Translation::Missing | Translation::Outdated);
            if open && self.to_translate.len() < PLACES_MAX {
                let rights = setting.state().rights(&naming.kind().id, &state.section);
                let writes = |translation| may_write(&rights, me, &state.path, translation);
                if writes(true) && !writes(false) {
                    self.to_translate.push(PlaceLine {
                        document: replicated.id(),
                        title: replicated.ledger().document().title().to_owned(),
                        place: naming.place(&state.section, &state.path),
                        people: Vec::new(),
                    });
                }
            }
        }
    }

    fn take_conflicts(
        &mut self,
        replica: &Replica,
        setting: &Setting,
        replicated: &Replicated,
        me: &Member,
    ) -> Result<(), CommandError> {
        let document = replicated.id();
        let conflicts = Conflicts::of(replica, document, setting.now_ms())?;
        for field in conflicts.fields {
            let rights =
                setting.state().rights(&replicated.ledger().document().kind().id, &field.place.section);
            if may_write(&rights, me, &field.place.path, false) && self.to_choose.len() < PLACES_MAX {
                let people = field.values.into_iter().filter_map(|value| value.person).collect();
                let title = replicated.ledger().document().title().to_owned();
                self.to_choose.push(PlaceLine { document, title, place: field.place, people });
            }
        }
        Ok(())
    }
}

/// Tells whether what the reader writes at a place stands at once.
fn may_write(rights: &SectionRights, me: &Member, path: &Path, translation: bool) -> bool {
    let path: Vec<&str> = path.0.iter().map(String::as_str).collect();
    let touched = Touched { path: &path, translation, ..Touched::SECTION };
    matches!(rights.edit(me, &touched), EditRight::Direct(_))
}
