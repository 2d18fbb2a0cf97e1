//! Mistakes of the judge that can be made on purpose, to see that tests find them.
//!
//! Only the crate of tests turns the feature `mutants` on; without it no mistake can be made.

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// What should wait is in effect at once.
    HoldAdmitted,
    /// Authors approve their own suggestions.
    OwnEndorsement,
    /// Everybody may suggest everything.
    ProposalByAnybody,
    /// Everybody is sent everything.
    ReadByAnybody,
    /// Revoked devices go on as if nothing had happened.
    RevokedDevice,
    /// A signature may name content that does not stand any more.
    StaleSignature,
    /// One agreement is enough where several are needed.
    OneAgreementForAll,
    /// Suggestions that build on a closed one go on waiting.
    OrphansWait,
    /// A change of the ground rules needs nobody's agreement but its author's.
    RulesByOneTeam,
    /// A signed section is changed like any other.
    LockIgnored,
    /// A section is signed while something in it is open.
    UnreadySigned,
    /// A chain ends with its first stage.
    StageSkipped,
    /// A value moves as far as its author likes.
    BandIgnored,
    /// A value without anything to measure it from moves freely.
    NoBaseNoBand,
    /// A band looks at values that are put, and not at what else is done to the field.
    OtherTouchesPass,
    /// Of the values that a change puts, a band looks at the last.
    LastPutAlone,
    /// A band is measured from the value that somebody wrote last.
    BaseFollowsEdits,
    /// A band is measured from a value to which nobody who decides beyond it agreed.
    BaseFollowsOverrides,
    /// Going beyond a band needs no reason.
    OverrideUnexplained,
    /// Everybody goes beyond a band on their own responsibility.
    OverrideByAnybody,
    /// Both sides of a bilingual text are translations.
    SourceAsTranslation,
    /// Local authority holds while the other party is at work.
    LocalAnytime,
    /// Local authority believes one clock.
    LocalClockIgnored,
    /// Local authority asks for no due time that is near and known.
    LocalDueIgnored,
    /// Local authority is used without limit.
    LocalUsesIgnored,
    /// Anybody answers what was approved by local authority.
    RatifiedByAnybody,
}

impl Mutant {
    /// Those about rights, which the checks of simulated histories find.
    pub const OF_RIGHTS: [Self; 9] = [
        Self::HoldAdmitted,
        Self::OwnEndorsement,
        Self::ProposalByAnybody,
        Self::ReadByAnybody,
        Self::RevokedDevice,
        Self::StaleSignature,
        Self::OneAgreementForAll,
        Self::OrphansWait,
        Self::RulesByOneTeam,
    ];
    /// Those about versions and signatures.
    pub const OF_AGREEMENTS: [Self; 3] = [Self::LockIgnored, Self::UnreadySigned, Self::StageSkipped];

    /// Those about values that move within a band.
    pub const OF_BANDS: [Self; 8] = [
        Self::BandIgnored,
        Self::NoBaseNoBand,
        Self::OtherTouchesPass,
        Self::LastPutAlone,
        Self::BaseFollowsEdits,
        Self::BaseFollowsOverrides,
        Self::OverrideUnexplained,
        Self::OverrideByAnybody,
    ];
    /// Those about local authority.
    pub const OF_LOCAL_AUTHORITY: [Self; 5] = [
        Self::LocalAnytime,
        Self::LocalClockIgnored,
        Self::LocalDueIgnored,
        Self::LocalUsesIgnored,
        Self::RatifiedByAnybody,
    ];

    /// Tells whether the mistake is made now.
    #[inline]
    pub(crate) fn is_on(self) -> bool {
        #[cfg(feature = "mutants")]
        return switch::ON.get() == Some(self);
        #[cfg(not(feature = "mutants"))]
        false
    }

    /// Makes the mistake in everything that `act` does on this thread.
    #[cfg(feature = "mutants")]
    pub fn during<T>(self, act: impl FnOnce() -> T) -> T {
        let _off = switch::Off;
        switch::ON.set(Some(self));
        act()
    }
}

#[cfg(feature = "mutants")]
mod switch {
    use std::cell::Cell;

    use super::Mutant;

    thread_local! {
        pub static ON: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    /// Turns the mistake off, also after a panic.
    pub struct Off;

    impl Drop for Off {
        fn drop(&mut self) {
            ON.set(None);
        }
    }
}
