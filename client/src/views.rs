//! What people ask of a replica, computed: status, documents, suggestions, explanations.
//!
//! Each read is a value with stable field names (for programs, as JSON) that says itself in both
//! languages: `X::of(&replica, …, now_ms)` computes it, `x.text(&words)` writes it for people. No
//! view does any I/O or decides anything; commands of the program and the browser only print them.

mod access;
mod bands;
mod changes;
mod compared;
mod conflicts;
mod diff;
mod directory;
mod documents;
mod failure;
mod gaps;
mod held;
mod ids;
mod inbox;
mod local;
mod log;
mod newer;
mod notice;
mod overlaps;
mod people;
mod place;
mod proposal;
mod record;
mod refused;
mod report;
mod returned;
mod rule;
mod rules;
mod schema;
mod search;
mod setting;
mod show;
mod standing;
mod status;
mod table;
mod talk;
mod unready;
mod verified;
mod verified_file;
mod versions;
mod why;

pub use access::{Access, LastChange, SectionAccess, who_decides};
pub use bands::BandLine;
pub use changes::ChangeLine;
pub use compared::{Compared, SigningLine, Since};
pub use conflicts::{
    ConflictField, ConflictValue, Conflicts, Keeping, TextConflict, TextVersion, both_edited,
};
pub use diff::{DiffError, DocDiff, Point, PointRef};
pub use directory::{Directory, MeLine, MemberLine, OffsetLine, PartyLine, role_names};
pub use documents::{DocLine, DocList};
pub use failure::{command_text, refusal_text};
pub use gaps::GapRef;
pub use held::{HeldList, HeldShow};
pub use ids::{IdError, Ids};
pub use inbox::{CameBack, Inbox, PlaceLine, SignLine};
pub use local::{LocalLine, LocalOffer};
pub use log::{DocLog, LogLine};
pub use newer::{ReadOnly, UnknownField, UnreadSection};
pub use notice::Notice;
pub use overlaps::{ChoiceLine, GapLine, OverlapLine, Overlaps};
pub use people::{DeviceLine, Devices, People, PersonLine, RoleLine, Roles, TeamPeople};
pub use place::{Naming, PlaceRef, Shown, both, slug};
pub use proposal::{NeedLine, Proposal};
pub use record::{Block, Page, SignedRecord, SignedSection, UnsignedSection, html, markdown};
pub use refused::RefusedLine;
pub use report::{BeforeAfter, Report, ReportPart, ReportWish, SectionAuthors, Unread, UnreadWhy};
pub use returned::SentBack;
pub use rules::{RightLine, RuleLine, RulesShow, SignatureLine};
pub use schema::{ChoiceSchema, FieldSchema, KindSchema, RowSchema, SectionSchema};
pub use search::{HITS_USUAL, Search, SearchHit, fold};
pub use setting::{Decider, Deciding, PersonRef, Setting};
pub use show::DocShow;
pub use standing::StandingLine;
pub use status::{OpenLine, Status, SyncLine, TeamLine, WaitingLine, now_text, pending_text};
pub use talk::{About, Message, Question, Questions, Saying, Talk, Thread, saying};
pub use unready::{section_text, unready_texts};
pub use verified::{Verified, VerifiedLedger};
pub use verified_file::{SealedDocument, VerifiedFile};
pub use versions::{StageLine, VersionLine, Versions};
pub use why::{Decision, RoleChange, Why};

#[cfg(test)]
pub(crate) mod tests;
