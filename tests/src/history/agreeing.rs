//! Versions that ask for approval, and signatures that lock.

use entente_client::replica::CommandError;
use entente_shared::ids::SectionId;

use super::History;
use crate::places::{after_hours, market_part};

/// What the teams sign: who decides when they disagree.
const SIGNED: &str = "escalation";

impl History {
    /// Somebody asks for approval of their market's part of the brief as it stands.
    pub(super) fn ask(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        let (brief, section) = (self.brief, market_part(team.as_str()));
        self.world.act(&by, |replica, now| replica.ask(now, brief, &section, None))?;
        self.world.tell(format!("{by} asks for approval of {section}"));
        Ok(())
    }

    /// Somebody signs what escalates.
    pub(super) fn sign_section(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let matrix = self.matrix;
        self.world.act(&by, |replica, now| replica.sign_sections(now, matrix, &[SectionId::new(SIGNED)]))?;
        self.world.tell(format!("{by} signs {SIGNED}"));
        Ok(())
    }

    /// Somebody changes what is signed, or is to be signed.
    pub(super) fn amend(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let hours = 1 + self.world.draw(40) as i64;
        self.world.edit(&by, self.matrix, &SectionId::new(SIGNED), after_hours(hours)).map(|_| ())
    }
}
