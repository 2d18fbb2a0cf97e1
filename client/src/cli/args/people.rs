//! What can be typed about people, roles and devices.

use clap::{Args, Subcommand};

/// `entente people`
#[derive(Debug, Args)]
pub struct PeopleArgs {
    /// List or remove.
    #[command(subcommand)]
    pub command: Option<PeopleCommand>,
}

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Lists them.
    List,
    /// Ends a person's access.
    Remove {
        /// The person's name.
        name: String,
    },
    /// Renews a team's calendar, two years ahead.
    Calendar {
        /// The team.
        party: String,
        /// Days without work, such as "2027-01-01..2027-01-08, 2027-02-23".
        #[arg(long, value_name = "DAYS")]
        holidays: Option<String>,
    },
}

/// `entente roles`
#[derive(Debug, Args)]
pub struct RolesArgs {
    /// List or set.
    #[command(subcommand)]
    pub command: Option<RolesCommand>,
}

/// What to do with roles.
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    /// Lists them.
    List,
    /// Gives a person these roles, and no others.
    Set {
        /// The person's name.
        person: String,
        /// The roles.
        #[arg(required = true)]
        roles: Vec<String>,
    },
}

/// `entente devices`
#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// List or revoke.
    #[command(subcommand)]
    pub command: Option<DevicesCommand>,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub enum DevicesCommand {
    /// Lists your own.
    List,
    /// Ends the access of one.
    Revoke {
        /// Its label, or the begin of its key.
        device: String,
        /// It is lost or stolen: nothing more is taken from it.
        #[arg(long)]
        lost: bool,
    },
}
