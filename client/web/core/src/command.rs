//! Commands as an interface gives them; `src/core/contract` describes the same.

use entente_client::team::AboutTeam;
use entente_client::views::{Point, Saying};
use entente_shared::content::{EditCommand, Path};
use entente_shared::ids::*;
use entente_shared::kinds::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A command: its name with what it takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Joins with the invitation that is open.
    Join {
        /// What this device is called.
        device: Option<String>,
    },
    /// Puts a notice away.
    Dismiss {
        /// Which.
        notice: u64,
    },
    /// Keeps something for the interface.
    Remember {
        /// Under which name.
        key: String,
        /// What; nothing forgets it.
        value: Option<String>,
    },
    /// Creates a document.
    Create {
        /// Of which kind.
        kind: KindId,
        /// Called what.
        title: String,
    },
    /// Edits a document.
    Edit {
        /// Which.
        document: DocumentId,
        /// What.
        edits: Vec<SectionEdits>,
        /// Words to those who decide, if it waits.
        #[serde(default)]
        message: Option<String>,
        /// What the interface keeps for itself from then on, together with the edit or not at all.
        #[serde(default)]
        remember: Option<Remembered>,
    },
    /// Says what the person looks at, and asks who else does.
    Attend {
        /// Which document; none when they look at none, or do not want to be seen.
        document: Option<DocumentId>,
        /// Which section.
        #[serde(default)]
        section: Option<SectionId>,
    },
    /// Says something in the talk beside a document.
    Say {
        /// Which document.
        document: DocumentId,
        /// What, and what it belongs to.
        saying: Saying,
        /// The language of the interface, in which a decision is written elsewhere.
        lang: Lang,
    },
    /// Tells what would become of an edit.
    Foresee {
        /// Which document.
        document: DocumentId,
        /// What.
        edits: Vec<SectionEdits>,
    },
    /// The person paused: signs what was typed and sends it.
    Commit {},
    /// Takes one's own last edit back.
    Undo {
        /// In which document.
        document: DocumentId,
    },
    /// Does it again.
    Redo {
        /// In which document.
        document: DocumentId,
    },
    /// Writes a section or field as it was.
    Restore {
        /// In which document.
        document: DocumentId,
        /// Which section.
        section: SectionId,
        /// Which place of it; all of it if none is named.
        #[serde(default)]
        path: Path,
        /// As it was when.
        to: PointWish,
        /// Words to those who decide, if it waits.
        #[serde(default)]
        message: Option<String>,
    },
    /// Approves a suggestion.
    Endorse {
        /// Which.
        statement: StatementId,
        /// Words to its author.
        #[serde(default)]
        message: Option<String>,
        /// Whether its values are written once more, over later ones.
        #[serde(default)]
        restate: bool,
    },
    /// Declines a suggestion.
    Decline {
        /// Which.
        statement: StatementId,
        /// Why.
        reason: String,
        /// Whether it is sent back to be revised.
        #[serde(default)]
        send_back: bool,
    },
    /// Takes one's own suggestion back.
    Withdraw {
        /// Which.
        statement: StatementId,
    },
    /// Lets a suggestion go beyond its band on the person's own responsibility.
    Override {
        /// Which.
        statement: StatementId,
        /// Why.
        reason: String,
    },
    /// Suggests once more what a suggestion that came back would change.
    Revise {
        /// Which.
        statement: StatementId,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Asks for the approval of the present version of a section.
    Ask {
        /// In which document.
        document: DocumentId,
        /// Which section.
        section: SectionId,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Signs a section as the person was shown it.
    Sign {
        /// In which document.
        document: DocumentId,
        /// Which section.
        section: SectionId,
        /// The content that was shown.
        digest: ContentDigest,
    },
    /// Signs the ground rules as they are now.
    SignRules {},
    /// Proposes other rules.
    ProposeRules {
        /// All rules as text.
        toml: String,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Proposes one rule, or that it goes.
    ChangeRule {
        /// Which: a new one if there is none of this id.
        id: RuleId,
        /// Its members as they are stored; nothing removes it.
        form: Option<Map<String, Value>>,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Edits sections of the ground rules.
    ChangeCharter {
        /// What.
        edits: Vec<SectionEdits>,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Adds a team.
    AddTeam {
        /// Which.
        team: TeamWish,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Gives a person roles.
    SetRoles {
        /// Whom.
        person: PersonId,
        /// Which: all that they shall have.
        roles: Vec<RoleId>,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Writes a team's hours and days off, two years ahead.
    SetCalendar {
        /// Which team.
        party: PartyId,
        /// Its weekly hours, if they change.
        #[serde(default)]
        work: Option<String>,
        /// Its days without work, if they change.
        #[serde(default)]
        holidays: Option<String>,
        /// Words to those who decide.
        #[serde(default)]
        message: Option<String>,
    },
    /// Invites a person or a device.
    Invite {
        /// Into which team.
        #[serde(default)]
        party: Option<PartyId>,
        /// Somebody new, by name.
        #[serde(default)]
        name: Option<String>,
        /// In which roles.
        #[serde(default)]
        roles: Vec<RoleId>,
        /// A further device of one's own.
        #[serde(default)]
        device: bool,
        /// Somebody who is known: a lost invitation, or a lost device.
        #[serde(default)]
        person: Option<PersonId>,
    },
    /// Ends somebody's access.
    RemovePerson {
        /// Whose.
        person: PersonId,
    },
    /// Ends a device's access.
    EndDevice {
        /// Which.
        device: DeviceId,
        /// Whether somebody else may have it.
        lost: bool,
    },
    /// Makes a file for a partner, or a copy for oneself.
    Export {
        /// Which documents; all if none is named.
        #[serde(default)]
        documents: Vec<DocumentId>,
    },
}

/// Something that the interface keeps.
#[derive(Clone, Debug, Deserialize)]
pub struct Remembered {
    /// Under which name.
    pub key: String,
    /// What; nothing forgets it.
    pub value: Option<String>,
}

/// The edits of one section.
#[derive(Clone, Debug, Deserialize)]
pub struct SectionEdits {
    /// The section.
    pub section: SectionId,
    /// What is done there, in order.
    pub commands: Vec<EditCommand>,
}

/// A moment of a document.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointWish {
    /// After the entry of this number.
    Seq(u64),
    /// As it stood at this time (relay time, milliseconds since 1970).
    TimeMs(u64),
    /// As it stands now.
    Now,
}

impl From<PointWish> for Point {
    fn from(wish: PointWish) -> Self {
        match wish {
            PointWish::Seq(seq) => Self::Entry(seq),
            PointWish::TimeMs(at_ms) => Self::Time(at_ms),
            PointWish::Now => Self::Head,
        }
    }
}

/// What founding needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Found {
    /// The operator's link.
    pub link: String,
    /// What the partnership is called; after its teams if nothing is said.
    #[serde(default)]
    pub title: Option<String>,
    /// The teams, the founder's own first.
    pub teams: Vec<TeamWish>,
    /// The founder's name.
    pub me: String,
    /// What this device is called.
    #[serde(default)]
    pub device: Option<String>,
}

/// A team as somebody describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamWish {
    /// Its name.
    pub name: String,
    /// Its name in Russian, if it is another one.
    pub name_ru: Option<String>,
    /// Its name in English, if it is another one.
    pub name_en: Option<String>,
    /// Its time zone, by IANA name.
    pub zone: String,
    /// Its weekly hours.
    pub work: Option<String>,
    /// Its days without work.
    pub holidays: Option<String>,
    /// Its market.
    pub market: Option<String>,
    /// The language that it writes in.
    pub language: Option<String>,
}

impl TeamWish {
    /// The same, as teams are read.
    pub fn about(&self) -> AboutTeam {
        let name = self.name.trim();
        AboutTeam {
            zone: Some(self.zone.clone()),
            work: self.work.clone(),
            holidays: self.holidays.clone(),
            market: self.market.clone(),
            language: self.language.clone(),
            name: (!name.is_empty()).then(|| name.to_owned()),
            name_ru: self.name_ru.clone(),
            name_en: self.name_en.clone(),
        }
    }
}
