//! What can be typed to found, invite, join and get in again.

use clap::Args;

/// What describes a team.
#[derive(Debug, Clone, Default, Args)]
pub struct TeamArgs {
    /// The team's time zone, such as Europe/Moscow.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Its weekly hours, such as "Mon-Fri 10:00-19:00".
    #[arg(long, value_name = "HOURS")]
    pub work: Option<String>,
    /// Days without work, such as "2027-01-01..2027-01-08, 2027-02-23".
    #[arg(long, value_name = "DAYS")]
    pub holidays: Option<String>,
    /// The market it works in, such as ru.
    #[arg(long, value_name = "MARKET")]
    pub market: Option<String>,
    /// The language its people write in: ru or en.
    #[arg(long, value_name = "ru|en")]
    pub language: Option<String>,
    /// Its name in Russian.
    #[arg(long, value_name = "NAME")]
    pub team_name_ru: Option<String>,
    /// Its name in English.
    #[arg(long, value_name = "NAME")]
    pub team_name_en: Option<String>,
}

impl TeamArgs {
    /// The same, as it is read.
    pub fn to_about(&self) -> crate::team::AboutTeam {
        crate::team::AboutTeam {
            zone: self.zone.clone(),
            work: self.work.clone(),
            holidays: self.holidays.clone(),
            market: self.market.clone(),
            language: self.language.clone(),
            name: None,
            name_ru: self.team_name_ru.clone(),
            name_en: self.team_name_en.clone(),
        }
    }
}

/// `entente found`
#[derive(Debug, Args)]
pub struct FoundArgs {
    /// The founding link that the relay printed.
    pub link: String,
    /// What the partnership is called.
    pub title: String,
    /// Your team's id, such as moscow.
    #[arg(long)]
    pub team: Option<String>,
    /// Your name.
    #[arg(long, value_name = "NAME")]
    pub me: Option<String>,
    /// What you call this device.
    #[arg(long)]
    pub label: Option<String>,
    /// The team.
    #[command(flatten)]
    pub about: TeamArgs,
}

/// `entente invite`
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// The person's name.
    #[arg(required_unless_present = "device")]
    pub name: Option<String>,
    /// Their team's id, such as newyork; your own if it is left out.
    #[arg(long)]
    pub team: Option<String>,
    /// Their roles.
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// Invites one more device of your own.
    #[arg(long, conflicts_with_all = ["name", "team", "roles"])]
    pub device: bool,
    /// The team, if it is new.
    #[command(flatten)]
    pub about: TeamArgs,
}

/// `entente join`
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// The link from your invitation.
    pub link: String,
    /// What you call this device.
    #[arg(long)]
    pub label: Option<String>,
}

/// `entente recover`
#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// The link that stands beside the recovery key.
    pub link: String,
    /// The name of the person who is to get in.
    pub name: String,
    /// The recovery key, as it stands on paper.
    #[arg(required = true)]
    pub key: Vec<String>,
}
