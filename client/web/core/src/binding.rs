//! The engine for JavaScript.

use entente_client::replica::{Effect, Kept, Now, Stored as StoredLedgers};
use entente_shared::codec;
use entente_shared::content::Path;
use entente_shared::crypto::Key;
use entente_shared::ids::{DocumentId, SectionId};
use entente_shared::ledger::SignedCheckpoint;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::answer::{Answer, Problem};
use crate::command::{Command, Found};
use crate::engine::Engine;
use crate::look::Look;

/// Most bytes that a browser draws at once.
const RANDOM_BYTES_MAX: usize = 65_536;
/// Most bytes of the relay's word on a head.
const HEAD_BYTES_MAX: usize = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn draw(bytes: &mut [u8]);
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn clock() -> f64;
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn log(text: &str);
}

/// Writes where the program failed before it stops.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| log(&panic.to_string())));
}

thread_local! {
    /// Answers a zone's offset at an instant, both in seconds; not a number if there is no such zone.
    static OFFSETS: std::cell::RefCell<Option<Function>> = const { std::cell::RefCell::new(None) };
}

/// Says whom to ask about time zones: `(zone, seconds since 1970) -> seconds ahead of UTC`.
#[wasm_bindgen(js_name = askForOffsets)]
pub fn ask_for_offsets(ask: Function) {
    OFFSETS.set(Some(ask));
    #[cfg(target_family = "wasm")]
    entente_client::zones::ask_for_offsets(offset);
}

#[cfg(target_family = "wasm")]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds of a calendar")]
fn offset(zone: &str, at_s: i64) -> Option<i32> {
    let (zone, at_s) = (JsValue::from_str(zone), JsValue::from_f64(at_s as f64));
    let asked = OFFSETS.with_borrow(|ask| ask.as_ref()?.call2(&JsValue::NULL, &zone, &at_s).ok());
    asked?.as_f64().filter(|offset_s| offset_s.is_finite()).map(|offset_s| offset_s as i32)
}

fn random(bytes: &mut [u8]) {
    bytes.chunks_mut(RANDOM_BYTES_MAX).for_each(draw);
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970")]
fn now_ms() -> u64 {
    clock().max(0.0) as u64
}

fn with_now<T>(act: impl FnOnce(&mut Now<'_>) -> T) -> T {
    act(&mut Now { ms: now_ms(), random: &mut random })
}

/// What the store holds of one partnership, handed over piece by piece.
#[wasm_bindgen]
#[derive(Default)]
pub struct Stored {
    stored: StoredLedgers,
    damaged: Vec<DocumentId>,
}

thread_local! {
    /// The document that the core works on, or worked on last.
    static AT_WORK: std::cell::Cell<Option<DocumentId>> = const { std::cell::Cell::new(None) };
}

/// The document that the core worked on last: after it has stopped, the one at which it did.
#[wasm_bindgen(js_name = atWork)]
pub fn at_work() -> Option<String> {
    AT_WORK.get().map(|document| document.to_hex())
}

#[wasm_bindgen]
impl Stored {
    /// Begins with nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record.
    pub fn record(&mut self, key: &[u8], value: &[u8]) {
        self.stored.records.push((key.to_vec(), value.to_vec()));
    }

    /// Adds the next entry of a document. A damaged ledger is left out whole: the relay sends it
    /// again.
    pub fn entry(&mut self, document: &str, bytes: &[u8]) {
        let Some(document) = DocumentId::from_hex(document) else { return };
        match Kept::from_bytes(bytes) {
            Some(kept) if !self.damaged.contains(&document) => {
                self.stored.ledgers.entry(document).or_default().push(kept);
            }
            Some(_) => {}
            None => {
                self.stored.ledgers.remove(&document);
                self.damaged.push(document);
            }
        }
    }

    /// Leaves a document alone at which the program stopped before.
    pub fn poison(&mut self, document: &str) {
        self.stored.poison.extend(DocumentId::from_hex(document));
    }

    /// Adds a word of the relay that was kept outside the store.
    pub fn witness(&mut self, bytes: &[u8]) {
        let word: Result<SignedCheckpoint, _> = codec::decode("head", bytes, HEAD_BYTES_MAX);
        self.stored.witnessed.extend(word);
    }
}

/// The engine of one partnership.
#[wasm_bindgen]
pub struct Core {
    engine: Engine,
    started: Option<Value>,
}

#[wasm_bindgen]
impl Core {
    /// Opens what is stored; `secret` is the device's key.
    ///
    /// # Errors
    ///
    /// There is nothing, or it is damaged: a problem as JSON.
    pub fn open(secret: &[u8], stored: Stored) -> Result<Core, JsValue> {
        let words = crate::answer::Both::new();
        let secret: [u8; 32] =
            secret.try_into().map_err(|_| thrown(&words.internal("the key has another length")))?;
        let stored = StoredLedgers { at_work: Some(|document| AT_WORK.set(Some(document))), ..stored.stored };
        let engine = Engine::open(Key::from_secret(secret), stored, now_ms());
        let engine = engine.map_err(|error| {
            let (folder, problem) = (String::new(), error.to_string());
            thrown(&words.problem("damaged", "store-damaged", entente_client::args![folder, problem]))
        })?;
        Ok(Self { engine, started: None })
    }

    /// Begins a partnership; `json` is what `found` takes.
    ///
    /// # Errors
    ///
    /// Something does not fit: a problem as JSON.
    pub fn found(json: &str) -> Result<Core, JsValue> {
        let wish: Found = parsed(json)?;
        let started = with_now(|now| Engine::found(now, &wish)).map_err(|problem| thrown(&problem))?;
        Ok(Self { engine: started.engine, started: Some(started.answer) })
    }

    /// Opens an invitation.
    ///
    /// # Errors
    ///
    /// The link is none: a problem as JSON.
    pub fn invited(link: &str) -> Result<Core, JsValue> {
        let engine = with_now(|now| Engine::invited(now, link)).map_err(|problem| thrown(&problem))?;
        Ok(Self { engine, started: None })
    }

    /// Uses a recovery key. This core is not stored.
    ///
    /// # Errors
    ///
    /// The link or key is none: a problem as JSON.
    pub fn recovering(link: &str, key: &str, name: &str) -> Result<Core, JsValue> {
        let engine = Engine::recovering(link, key, name).map_err(|problem| thrown(&problem))?;
        Ok(Self { engine, started: None })
    }

    /// What beginning answers, once, as JSON.
    pub fn started(&mut self) -> Option<String> {
        self.started.take().map(|answer| answer.to_string())
    }

    /// The device's secret key, to be kept encrypted.
    pub fn secret(&self) -> Vec<u8> {
        self.engine.replica().key().secret().to_vec()
    }

    /// The partnership, by which the store keeps it apart from others.
    pub fn profile(&self) -> String {
        self.engine.replica().profile().partnership.to_hex()
    }

    /// The relay's addresses, each tried in turn: those of its socket.
    pub fn sockets(&self) -> Vec<String> {
        let addresses = self.engine.replica().profile().addresses.iter();
        addresses.filter_map(|address| entente_client::links::socket_url(address)).collect()
    }

    /// The documents whose stored entries a command needs, as hexadecimal ids.
    ///
    /// # Errors
    ///
    /// It is no command: a problem as JSON.
    #[wasm_bindgen(js_name = commandNeeds)]
    pub fn command_needs(&self, json: &str) -> Result<Vec<String>, JsValue> {
        let needs = parsed::<Command>(json)?.needs(&self.engine);
        Ok(needs.iter().map(DocumentId::to_hex).collect())
    }

    /// The same for a view.
    ///
    /// # Errors
    ///
    /// It is no view: a problem as JSON.
    #[wasm_bindgen(js_name = viewNeeds)]
    pub fn view_needs(&self, json: &str) -> Result<Vec<String>, JsValue> {
        let needs = parsed::<Look>(json)?.needs(self.engine.replica());
        Ok(needs.iter().map(DocumentId::to_hex).collect())
    }

    /// Lends a whole ledger for the next call.
    pub fn lend(&mut self, document: &str, entries: Vec<Uint8Array>) {
        if let Some(document) = DocumentId::from_hex(document) {
            self.engine.lent.insert(document, kept(&entries));
        }
    }

    /// Takes back what was lent.
    #[wasm_bindgen(js_name = takeBack)]
    pub fn take_back(&mut self) {
        self.engine.lent.clear();
    }

    /// Carries a command out; its answer as JSON.
    ///
    /// # Errors
    ///
    /// It cannot be: a problem as JSON.
    pub fn command(&mut self, json: &str) -> Result<String, JsValue> {
        let command: Command = parsed(json)?;
        text(with_now(|now| self.engine.command(now, command)))
    }

    /// Takes a file in; its answer as JSON.
    ///
    /// # Errors
    ///
    /// It is none: a problem as JSON.
    pub fn import(&mut self, bytes: &[u8]) -> Result<String, JsValue> {
        text(with_now(|now| self.engine.import(now, bytes)))
    }

    /// The file that the last `export` made.
    pub fn exported(&mut self) -> Vec<u8> {
        self.engine.exported()
    }

    /// Computes a view, as JSON.
    ///
    /// # Errors
    ///
    /// There is nothing to show: a problem as JSON.
    pub fn view(&self, json: &str) -> Result<String, JsValue> {
        let look: Look = parsed(json)?;
        text(self.engine.look(&look, now_ms()))
    }

    /// Tells a text from others, as `markOf` does; nothing if there is no such text.
    #[wasm_bindgen(js_name = textMark)]
    pub fn text_mark(&self, document: &str, section: &str, path: Vec<String>) -> Option<String> {
        let document = DocumentId::from_hex(document)?;
        self.engine.text_mark(document, &SectionId::new(section), &Path::new(path))
    }

    /// How far this browser is with the partnership.
    pub fn stage(&self) -> String {
        self.engine.stage().to_owned()
    }

    /// Where the connection stands: `offline`, `connecting`, `catching-up` or `live`.
    pub fn link(&self) -> String {
        self.engine.link_state().to_owned()
    }

    /// How many changes and suggestions are not on the relay.
    pub fn pending(&self) -> Vec<u32> {
        let (changes, suggestions) = self.engine.replica().not_on_relay();
        [changes, suggestions].map(|count| u32::try_from(count).unwrap_or(u32::MAX)).to_vec()
    }

    /// A connection is there.
    pub fn connected(&mut self) {
        self.engine.connected();
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) {
        self.engine.disconnected();
    }

    /// Takes a frame of the relay.
    pub fn receive(&mut self, frame: &[u8]) {
        with_now(|now| self.engine.receive(now, frame));
    }

    /// Some time has passed.
    pub fn tick(&mut self) {
        with_now(|now| self.engine.tick(now));
    }

    /// Whether the session has done what it was for.
    #[wasm_bindgen(js_name = isSessionOver)]
    pub fn is_session_over(&self) -> bool {
        self.engine.is_session_over()
    }

    /// Whether connecting again would change nothing.
    #[wasm_bindgen(js_name = hasEnded)]
    pub fn has_ended(&self) -> bool {
        self.engine.has_ended()
    }

    /// What came of recovering, as JSON; nothing while it is under way.
    ///
    /// # Errors
    ///
    /// It did not work: a problem as JSON.
    pub fn recovered(&self) -> Result<Option<String>, JsValue> {
        self.engine.recovered().map(text).transpose()
    }

    /// Hands over the entries that a `refill` asked for.
    pub fn refill(&mut self, document: &str, entries: Vec<Uint8Array>) {
        if let Some(document) = DocumentId::from_hex(document) {
            self.engine.refill(document, &kept(&entries));
        }
    }

    /// Hands over the entries of a branch that is put aside.
    pub fn salvage(&mut self, entries: Vec<Uint8Array>) {
        self.engine.salvage(&kept(&entries));
    }

    /// Takes the effects that are due, in the order in which they are performed.
    #[wasm_bindgen(js_name = takeEffects)]
    pub fn take_effects(&mut self) -> Array {
        let effects = with_now(|now| self.engine.take_effects(now));
        effects.into_iter().filter_map(|effect| self.effect(effect)).collect()
    }

    /// An effect as JavaScript performs it; what happened is taken note of here.
    fn effect(&mut self, effect: Effect) -> Option<Object> {
        Some(match effect {
            Effect::Keep { document, entries } => {
                let entry = |kept: &Kept| {
                    object("", &[("seq", number(kept.position.seq)), ("bytes", bytes(&kept.to_bytes()))])
                };
                let entries: Array = entries.iter().map(entry).collect();
                object("keep", &[("document", id(document)), ("entries", entries.into())])
            }
            Effect::SetAside { document } => object("set-aside", &[("document", id(document))]),
            Effect::Write { key, value } => {
                let value = value.map_or(JsValue::NULL, |value| bytes(&value));
                object("write", &[("key", bytes(&key)), ("value", value)])
            }
            Effect::Witness(word) => {
                let document = id(word.checkpoint.document);
                object("witness", &[("document", document), ("bytes", bytes(&codec::encode(&word)))])
            }
            Effect::Send(frame) => object("send", &[("bytes", bytes(&codec::encode(&frame)))]),
            Effect::Refill { document, from } => {
                self.engine.refills.insert(document, from);
                let after = from.map_or(0, |from| from.seq + 1);
                object("refill", &[("document", id(document)), ("from", number(after))])
            }
            Effect::Salvage { document } => object("salvage", &[("document", id(document))]),
            Effect::Close => object("close", &[]),
            Effect::Tell(event) => {
                self.engine.hear(&event, now_ms());
                return None;
            }
        })
    }
}

/// Which of the links of Entente a text is, as JSON.
#[wasm_bindgen(js_name = readLink)]
pub fn read_link(link: &str) -> String {
    use entente_client::links::{FoundingLink, JoinLink, RecoveryLink};
    let answer = if let Some(link) = FoundingLink::parse(link) {
        json!({ "is": "founding", "address": link.address, "profile": null })
    } else if let Some(link) = JoinLink::parse(link) {
        json!({ "is": "invitation", "address": link.address, "profile": link.partnership.to_hex() })
    } else if let Some(link) = RecoveryLink::parse(link) {
        json!({ "is": "recovery", "address": link.address, "profile": link.partnership.to_hex() })
    } else {
        json!({ "is": "none", "address": null, "profile": null })
    };
    answer.to_string()
}

/// A view that needs no partnership, as JSON.
///
/// # Errors
///
/// It needs one: a problem as JSON.
#[wasm_bindgen(js_name = bareView)]
pub fn bare_view(json: &str) -> Result<String, JsValue> {
    text(crate::look::bare(&parsed(json)?))
}

fn kept(entries: &[Uint8Array]) -> Vec<Kept> {
    entries.iter().filter_map(|bytes| Kept::from_bytes(&bytes.to_vec())).collect()
}

fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
    serde_json::from_str(json)
        .map_err(|error| thrown(&crate::answer::Both::new().internal(&error.to_string())))
}

fn text(answer: Answer) -> Result<String, JsValue> {
    answer.map(|value| value.to_string()).map_err(|problem| thrown(&problem))
}

/// A problem as it is thrown: JSON.
fn thrown(problem: &Problem) -> JsValue {
    JsValue::from_str(&serde_json::to_string(problem).unwrap_or_default())
}

fn object(what: &str, fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    let named = [("do", JsValue::from_str(what))];
    for (key, value) in named.iter().filter(|_| !what.is_empty()).chain(fields) {
        // An ordinary object takes any field.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

fn id(document: DocumentId) -> JsValue {
    JsValue::from_str(&document.to_hex())
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// A sequence number; they stay far below the whole numbers that JavaScript has.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn number(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}
