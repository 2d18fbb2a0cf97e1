//! `entente people`: who is here.

use entente_shared::statement::RevokeTarget;

use super::args::{PeopleArgs, PeopleCommand};
use super::{Done, Failed, Session};
use crate::args;

/// Lists people, or ends somebody's access.
pub fn run(session: &mut Session<'_>, args: PeopleArgs) -> Result<Done, Failed> {
    match args.command {
        None | Some(PeopleCommand::List) => Ok(Done::text("")),
        Some(PeopleCommand::Remove { name }) => remove(session, &name),
    }
}

fn remove(session: &mut Session<'_>, name: &str) -> Result<Done, Failed> {
    let person = session.person(name)?;
    session.act(|replica, now| replica.revoke(now, RevokeTarget::Person { person }))?;
    let person = session.names()?.person(&person);
    Ok(Done::text(session.words.say("people-removed", args![person])))
}
