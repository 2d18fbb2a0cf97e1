//! Random walks of people who write, agree, answer for themselves and sign, checked step by step
//! against what a band promises. The walk knows what it wrote and never asks the judge.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use entente_shared::content::{Section, Value, translation_mark};
use entente_shared::crypto::Key;
use entente_shared::document::Outcome;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::money::Amount;
use entente_shared::statement::*;

use super::{Paper, World, container, payload};

const OFFER: &str = "offer/ru";
const AMOUNTS: [&str; 14] = [
    "100000 RUB",
    "70000 RUB",
    "85000 RUB",
    "90000 RUB",
    "95000 RUB",
    "105000 RUB",
    "110000 RUB",
    "115000 RUB",
    "116000 RUB",
    "121000 RUB",
    "130000 RUB",
    "150000 RUB",
    "100000 USD",
    "a lot",
];

/// What somebody does to a field by one statement.
#[derive(Clone, Debug)]
enum Written {
    /// Puts these, one after the other.
    Puts(Vec<&'static str>),
    /// Anything else.
    Otherwise,
}

/// One field with a band, as the walk sees it.
#[derive(Default)]
struct Field {
    /// What was agreed on last.
    base: Option<Amount>,
    /// Values that somebody agreed to, answered for or signed, or that were inside when admitted.
    allowed: BTreeSet<String>,
    /// Something that is no amount was agreed to.
    anything: bool,
}

struct Walk<'a> {
    world: World,
    paper: Paper,
    people: [Key; 4],
    basis_points: u32,
    choices: std::iter::Copied<std::slice::Iter<'a, u8>>,
    fields: BTreeMap<&'static str, Field>,
    /// What each statement wrote, by whom, and where.
    written: BTreeMap<StatementId, (usize, &'static str, Written)>,
    waiting: Vec<StatementId>,
    /// Statements to which somebody agreed or for which somebody answered, and whether one of them
    /// decides beyond bands.
    agreed_to: BTreeMap<StatementId, bool>,
    /// What stood earlier: people write on what they have seen.
    past: Vec<Section>,
    payloads: BTreeMap<StatementId, (Payload, Section)>,
    /// Statements that wrote where two values stood: of one of these Automerge makes a deletion, which
    /// is no amount to measure from.
    over_two: BTreeSet<StatementId>,
}

/// Who writes: Anna leads Moscow and decides; Pavel and Mila negotiate there; Dana leads New York.
const ANNA: usize = 0;
const DANA: usize = 3;

/// Walks as the choices say, under bands of so many hundredths of a percent.
///
/// # Errors
///
/// What a band promises and did not hold.
pub fn walk(choices: &[u8], basis_points: u32) -> Result<(), String> {
    let mut walk = Walk::begin(choices, basis_points);
    while let Some(choice) = walk.choices.next() {
        match choice % 12 {
            0..=4 => walk.write()?,
            5 => walk.chain()?,
            6 | 7 => walk.endorse()?,
            8 => walk.go_beyond()?,
            9 => walk.sign()?,
            10 => walk.decline()?,
            _ => walk.tidy()?,
        }
        walk.check()?;
    }
    walk.paper.replays(&walk.world);
    Ok(())
}

impl<'a> Walk<'a> {
    fn begin(choices: &'a [u8], basis_points: u32) -> Self {
        let percent = entente_shared::rules::percent(basis_points);
        let band = format!(
            r#"band = {{ percent = "{percent}", base = "last signed or endorsed", override = ["{{market}}/account-manager"] }}"#
        );
        let rule = |id: &str, field: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\non = \"terms:offer/{{market}}#{field}\"\n\
                 edit = [\"{{market}}/lead\", \"{{market}}/account-manager\"]\nendorse = [\"{{market}}/lead\"]\n{band}\n"
            )
        };
        let rules = rule("rate-band", "rate") + &rule("deal-band", "deal/rate");
        let mut world = World::found_with(entente_shared::ledger::RULES_VERSION, &rules);
        world.invite_dana();
        let (anna, dana) = (world.anna.clone(), world.dana.clone());
        world.sign(&anna).unwrap();
        world.sign(&dana).unwrap();
        let (pavel, mila) = (Key::from_secret([4; 32]), Key::from_secret([5; 32]));
        world.join(&anna, &pavel, ("moscow", "account-manager", 4));
        world.join(&anna, &mila, ("moscow", "account-manager", 5));
        let mut paper = Paper::create(&mut world, &pavel, "terms", &[OFFER]);
        let filled = paper.edit(&world, &pavel, OFFER, fill);
        assert!(!paper.append(&mut world, filled).unwrap().entry.verdict.is_held());
        let past = vec![paper.content(OFFER)];
        let fields = [("rate", Field::default()), ("deal/rate", Field::default())].into();
        Self {
            world,
            paper,
            people: [anna, pavel, mila, dana],
            basis_points,
            choices: choices.iter().copied(),
            fields,
            written: BTreeMap::new(),
            waiting: Vec::new(),
            agreed_to: BTreeMap::new(),
            past,
            payloads: BTreeMap::new(),
            over_two: BTreeSet::new(),
        }
    }

    fn draw(&mut self, below: usize) -> usize {
        usize::from(self.choices.next().unwrap_or(0)) % below
    }

    /// Somebody writes on what they saw last, which may be long ago.
    fn write(&mut self) -> Result<(), String> {
        let who = self.draw(4);
        let seen = self.draw(4).min(self.past.len() - 1);
        let base = self.past[self.past.len() - 1 - seen].clone();
        self.write_on(who, base, Vec::new())
    }

    /// Somebody goes on with a suggestion of their own.
    fn chain(&mut self) -> Result<(), String> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let at = self.draw(self.waiting.len());
        let target = self.waiting[at];
        let who = self.written[&target].0;
        let Some((payload, base)) = self.payloads.get(&target) else { return Ok(()) };
        let mut base = base.clone();
        base.apply(payload.change_bytes()).unwrap();
        self.write_on(who, base, vec![target])
    }

    fn write_on(&mut self, who: usize, base: Section, after: Vec<StatementId>) -> Result<(), String> {
        if self.waiting.len() > 40 {
            return Ok(());
        }
        let field = ["rate", "deal/rate"][self.draw(2)];
        let (first, second, way) = (self.draw(14), self.draw(14), self.draw(10));
        let has_deal = matches!(base.doc().get(ROOT, "deal"), Ok(Some((automerge::Value::Object(_), _))));
        let (mut written, mut put) = (Written::Otherwise, Vec::new());
        match way {
            0..=5 => put = vec![AMOUNTS[first]],
            6 => put = vec![AMOUNTS[first], AMOUNTS[second]],
            _ => {}
        }
        // Automerge writes nothing where the same value stands alone already.
        // Where the same stands twice it deletes the other.
        let twice = alone(&base, field).is_none();
        let mut stands = alone(&base, field);
        put.retain(|text| stands.replace((*text).to_owned()).as_deref() != Some(*text));
        if !put.is_empty() && (field == "rate" || has_deal) {
            written = Written::Puts(put.clone());
        }
        let seed = self.paper.next_seed();
        let key = self.people[who].clone();
        let edit = |doc: &mut AutoCommit| match (&written, field, way) {
            (Written::Puts(_), "rate", _) => put.iter().for_each(|text| {
                doc.put(ROOT, "rate", *text).unwrap();
                doc.commit();
            }),
            (Written::Puts(_), _, _) => {
                let deal = container(doc, "deal");
                put.iter().for_each(|text| {
                    doc.put(&deal, "rate", *text).unwrap();
                    doc.commit();
                });
            }
            (_, "rate", 7) => {
                doc.put(ROOT, "rate", AMOUNTS[first]).unwrap();
                doc.delete(ROOT, "rate").unwrap();
                doc.put(ROOT, "rate", AMOUNTS[0]).unwrap();
            }
            (_, "rate", 8) => doc.put(ROOT, "rate", ScalarValue::counter(100_000)).unwrap(),
            (_, "rate", _) => drop(doc.put_object(ROOT, "rate", ObjType::Text).unwrap()),
            (_, _, 8) if has_deal => doc.put(ROOT, "deal", "none").unwrap(),
            _ => {
                let deal = doc.put_object(ROOT, "deal", ObjType::Map).unwrap();
                doc.put(&deal, "rate", AMOUNTS[first]).unwrap();
            }
        };
        let payload = payload(&key, self.paper.id, &OFFER.into(), &base, seed, edit);
        if payload.changes.is_empty() {
            return Ok(());
        }
        let act = Act::Edit { after: after.clone(), replaces: None };
        let statement = self.paper.statement(&self.world, &key, act, vec![(OFFER.into(), payload.clone())]);
        let id = statement.id;
        let outcome = match self.paper.append(&mut self.world, statement) {
            Ok(outcome) => outcome,
            // On top of what was closed or has another actor by now.
            Err(Refusal::Orphaned { .. } | Refusal::Dependency { .. } | Refusal::Gate { .. }) => {
                return Ok(());
            }
            Err(other) => return Err(format!("refused: {other}")),
        };
        self.written.insert(id, (who, field, written.clone()));
        self.payloads.insert(id, (payload, base));
        if twice {
            self.over_two.insert(id);
        }
        let inside = who != DANA && self.is_inside(field, &written);
        // Where something else than an amount was ever agreed to, more may wait than has to.
        let odd = self.fields[field].anything;
        if outcome.entry.verdict.is_held() {
            self.waiting.push(id);
            let waits_anyway = odd || twice || !after.is_empty();
            return if inside && !waits_anyway {
                Err(format!("{written:?} is inside and waits"))
            } else {
                Ok(())
            };
        }
        if !inside {
            return Err(format!(
                "{written:?} of {field} stands without asking, measured from {:?}",
                self.base(field)
            ));
        }
        self.allow(id);
        self.past.push(self.paper.content(OFFER));
        Ok(())
    }

    fn base(&self, field: &str) -> Option<String> {
        self.fields[field].base.map(|base| base.to_string())
    }

    fn is_inside(&self, field: &str, written: &Written) -> bool {
        let (Written::Puts(values), Some(base)) = (written, self.fields[field].base) else { return false };
        let low = u128::from(base.minor) * u128::from(10_000 - self.basis_points);
        let high = u128::from(base.minor) * u128::from(10_000 + self.basis_points);
        values.iter().all(|text| {
            let amount = Amount::parse(text).filter(|amount| amount.currency() == base.currency());
            amount.is_some_and(|amount| (low..=high).contains(&(u128::from(amount.minor) * 10_000)))
        })
    }

    /// What a statement wrote may stand from now on.
    fn allow(&mut self, id: StatementId) {
        let (_, field, written) = &self.written[&id];
        let at = self.fields.get_mut(field).unwrap();
        match written {
            Written::Puts(values) => at.allowed.extend(values.iter().map(|text| (*text).to_owned())),
            Written::Otherwise => {
                at.anything = true;
                at.allowed.extend(AMOUNTS.iter().map(|text| (*text).to_owned()));
            }
        }
    }

    /// Takes note that somebody agreed to a statement, or answered for it, and of what came into
    /// effect by that; who decides beyond bands moves what they are measured from.
    fn agreed(&mut self, outcome: &Outcome, target: StatementId, decides: bool) -> Result<(), String> {
        *self.agreed_to.entry(target).or_default() |= decides;
        let effective = outcome.effective.iter().filter(|id| self.written.contains_key(*id));
        for id in effective.copied().collect::<Vec<_>>() {
            self.waiting.retain(|other| *other != id);
            let (who, field, written) = self.written[&id].clone();
            let Some(decided) = self.agreed_to.get(&id).copied() else {
                if who == DANA || !self.is_inside(field, &written) {
                    return Err(format!("{written:?} followed into effect, which nobody agreed to"));
                }
                self.allow(id);
                continue;
            };
            self.allow(id);
            if decided {
                let measured = self.paper.section(OFFER).bases.iter().any(|base| base.field == field);
                self.fields.get_mut(field).unwrap().base = match &written {
                    _ if self.over_two.contains(&id) && !measured => None,
                    Written::Puts(values) if values.iter().all(|text| Amount::parse(text).is_some()) => {
                        values.last().and_then(|text| Amount::parse(text))
                    }
                    _ => None,
                };
            }
        }
        self.past.push(self.paper.content(OFFER));
        Ok(())
    }

    fn drawn(&mut self) -> Option<(StatementId, usize)> {
        let who = self.draw(4);
        let at = self.draw(self.waiting.len().max(1));
        Some((*self.waiting.get(at)?, who))
    }

    fn endorse(&mut self) -> Result<(), String> {
        let Some((target, who)) = self.drawn() else { return Ok(()) };
        let by = self.people[who].clone();
        let Ok(outcome) = self.paper.endorse(&mut self.world, &by, target, OFFER) else { return Ok(()) };
        let (author, field, written) = &self.written[&target];
        // What waits for nobody any more, a lead of any team settles.
        let needs_nobody = self.agreed_to.contains_key(&target) || self.is_inside(field, written);
        let settles = who == DANA && *author != DANA && needs_nobody;
        if *author == ANNA || (who != ANNA && !settles) {
            let base = self.base(field);
            return Err(format!(
                "{who} agreed to {written:?} of {field} by {author}, measured from {base:?}"
            ));
        }
        self.agreed(&outcome, target, who == ANNA)
    }

    fn go_beyond(&mut self) -> Result<(), String> {
        let Some((target, who)) = self.drawn() else { return Ok(()) };
        let reason = [None, Some("   "), Some("the launch moved")][self.draw(3)];
        let by = self.people[who].clone();
        let heads = vec![self.paper.version(OFFER)];
        let act = Act::Endorse { target, capacity: Capacity::Override, heads };
        let words =
            reason.map(|text| Payload { salt: [7; 16], text: Some(text.into()), ..Payload::default() });
        let parts = words.into_iter().map(|words| (OFFER.into(), words)).collect();
        let statement = self.paper.statement(&self.world, &by, act, parts);
        let Ok(outcome) = self.paper.append(&mut self.world, statement) else { return Ok(()) };
        if who == DANA || reason.is_none_or(|reason| reason.trim().is_empty()) {
            return Err("somebody went beyond a band who may not, or without a reason".into());
        }
        self.agreed(&outcome, target, who == ANNA)
    }

    fn sign(&mut self) -> Result<(), String> {
        let anna = self.people[ANNA].clone();
        if self.paper.section(OFFER).agreed.is_some()
            || self.paper.sign(&mut self.world, &anna, OFFER).is_err()
        {
            return Ok(());
        }
        let value = self.paper.content(OFFER).value();
        for (name, field) in &mut self.fields {
            let text = match standing(&value, name) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            field.base = text.and_then(|text| Amount::parse(text));
        }
        Ok(())
    }

    fn decline(&mut self) -> Result<(), String> {
        let Some((target, _)) = self.drawn() else { return Ok(()) };
        let anna = self.people[ANNA].clone();
        let act = Act::Decline { target, outcome: DeclineOutcome::Declined };
        if let Ok(outcome) = self.paper.state(&mut self.world, &anna, act) {
            self.waiting.retain(|id| !outcome.closed.contains(id));
        }
        Ok(())
    }

    /// Closes everything that waits, so that the offer can be signed.
    fn tidy(&mut self) -> Result<(), String> {
        for target in self.waiting.clone() {
            let (anna, author) = (self.people[ANNA].clone(), self.people[self.written[&target].0].clone());
            let decline = Act::Decline { target, outcome: DeclineOutcome::Declined };
            let closed = self.paper.state(&mut self.world, &anna, decline);
            let closed =
                closed.or_else(|_| self.paper.state(&mut self.world, &author, Act::Withdraw { target }));
            if let Ok(outcome) = closed {
                self.waiting.retain(|id| !outcome.closed.contains(id));
            }
        }
        Ok(())
    }

    /// What stands was agreed to, answered for, signed, or inside its band when it was admitted.
    fn check(&mut self) -> Result<(), String> {
        let content = self.paper.content(OFFER);
        let value = content.value();
        for (name, field) in &self.fields {
            let known = self.paper.section(OFFER).bases.iter().find(|base| base.field == *name);
            if known.map(|base| base.amount) != field.base {
                return Err(format!("{name} is measured from {known:?}, agreed was {:?}", field.base));
            }
            match standing(&value, name) {
                None => {}
                Some(Value::String(text)) if field.allowed.contains(text) => {}
                Some(_) if field.anything => {}
                Some(other) => return Err(format!("{name} is {other:?}, which nobody agreed to")),
            }
        }
        Ok(())
    }
}

/// The text that stands in a field without any other beside it.
fn alone(content: &Section, field: &str) -> Option<String> {
    let doc = content.doc();
    let (object, key) = match field.split_once('/') {
        None => (ROOT, field),
        Some((map, key)) => match doc.get(ROOT, map) {
            Ok(Some((automerge::Value::Object(_), id))) => (id, key),
            _ => return None,
        },
    };
    match doc.get_all(&object, key).ok()?.as_slice() {
        [(value, _)] => value.as_str().map(str::to_owned),
        _ => None,
    }
}

fn standing<'v>(value: &'v Value, field: &str) -> Option<&'v Value> {
    field.split('/').try_fold(value, |value, key| value.get(key))
}

/// Says everything without which an offer is not signed, but for the rate.
fn fill(doc: &mut AutoCommit) {
    for field in ["usage", "exclusivity", "schedule"] {
        write_bilingual(doc, &container(doc, field), "Год", "A year");
    }
    let rows = container(doc, "deliverables");
    let row = doc.put_object(&rows, "019a0000-0000-7000-8000-000000000001", ObjType::Map).unwrap();
    doc.put(&row, "order", "V").unwrap();
    let what = doc.put_object(&row, "what", ObjType::Map).unwrap();
    for lang in ["ru", "en"] {
        doc.put_object(&what, lang, ObjType::Text).unwrap();
    }
    write_bilingual(doc, &what, "Ролик", "A video");
}

/// Writes both sides of a bilingual field, the English as a translation of the Russian.
pub fn write_bilingual(doc: &mut AutoCommit, field: &automerge::ObjId, ru: &str, en: &str) {
    for (lang, text) in [("ru", ru), ("en", en)] {
        let (_, object) = doc.get(field, lang).unwrap().unwrap();
        let length = doc.length(&object);
        doc.splice_text(&object, 0, length as isize, text).unwrap();
    }
    doc.put(field, "source", "ru").unwrap();
    doc.put(field, "translated_from", translation_mark(ru)).unwrap();
}
