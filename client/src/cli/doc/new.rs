//! `entente doc new`: a document from its kind's template.

use entente_shared::ids::{KindId, MarketId};
use entente_shared::kinds::{self, CHARTER, Lang};

use crate::args;
use crate::cli::place::plain;
use crate::cli::{Done, Failed, Session};
use crate::words::{Words, near};

/// Creates a document and signs its creation.
pub fn run(session: &mut Session<'_>, kind: &str, title: &str, market: Option<&str>) -> Result<Done, Failed> {
    let kind = find_kind(session, kind)?;
    let market = market.map(|typed| find_market(session, typed)).transpose()?;
    let (document, _) = session.act(|replica, now| replica.create_for(now, &kind, title, market.as_ref()))?;
    let (words, setting) = (session.words, session.setting()?);
    let text = match kind.as_str() {
        "matrix" => {
            let content = session.content(document)?;
            let functions = content.get(&"functions".into()).map_or(0, |doc| {
                let value = entente_shared::content::value_at(doc, &"functions".into());
                value.and_then(|rows| rows.as_map().map(|rows| rows.len())).unwrap_or_default()
            });
            let parties: Vec<_> =
                setting.state().contents.parties.keys().map(|id| setting.label(id, words.lang())).collect();
            words.say("doc-created-matrix", args![title, count = functions, parties = words.list(&parties)])
        }
        "brief" => {
            let mut markets: Vec<_> = Vec::new();
            for team in setting.state().teams() {
                let id = format!("market-{}", team.market);
                let name = if words.has(&id) { words.say(&id, args![]) } else { team.market.to_string() };
                if !markets.contains(&name) {
                    markets.push(name);
                }
            }
            words.say("doc-created-brief", args![title, markets = words.list(&markets)])
        }
        "playbook" => words.say("doc-created-playbook", args![title]),
        _ => words.say("doc-created", args![title]),
    };
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
}

/// Finds the market that somebody typed, by its id or name.
fn find_market(session: &Session<'_>, typed: &str) -> Result<MarketId, Failed> {
    let setting = session.setting()?;
    let names = |market: &MarketId| {
        let id = format!("market-{market}");
        let called = Lang::ALL.map(Words::new).into_iter().filter(|words| words.has(&id));
        called.map(|words| words.say(&id, args![])).chain([market.to_string()]).collect::<Vec<_>>()
    };
    let mut markets: Vec<_> = setting.state().teams().iter().map(|team| team.market.clone()).collect();
    markets.sort();
    markets.dedup();
    let found = markets.iter().find(|market| names(market).iter().any(|name| plain(name) == plain(typed)));
    found.cloned().ok_or_else(|| {
        let all: Vec<_> = markets.iter().map(ToString::to_string).collect();
        Failed::usage(session.words, &session.words.say("unknown-market", args![name = typed]), &all)
    })
}

fn find_kind(session: &Session<'_>, typed: &str) -> Result<KindId, Failed> {
    let kinds = || kinds::all().iter().filter(|kind| kind.id.as_str() != CHARTER);
    let names = |kind: &kinds::Kind| {
        let labels = Lang::ALL.map(|lang| kind.label.get(lang).to_owned());
        [vec![kind.id.to_string(), session.words.kind(kind.id.as_str())], labels.to_vec()].concat()
    };
    let found = kinds().find(|kind| names(kind).iter().any(|name| plain(name) == plain(typed)));
    if let Some(kind) = found {
        return Ok(kind.id.clone());
    }
    let mut all: Vec<String> = kinds().map(|kind| kind.id.to_string()).collect();
    all.dedup();
    let mut meant: Vec<String> =
        near(typed, all.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
    if meant.is_empty() {
        meant = all;
    }
    Err(Failed::usage(session.words, &session.words.say("unknown-kind", args![name = typed]), &meant))
}
