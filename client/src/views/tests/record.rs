//! A signed matrix as a page, and the file beside it.

use entente_shared::document::Document;

use super::*;
use crate::replica::Bundle;

/// What somebody may call a document, or write into it.
const TITLE: &str = "Who does <b>what</b> & \"why\" | *now*";
const PERSON: &str = "<script>alert('1')</script> [x](https://example.org)";

/// Every function is owned by one team, but for creative, which they split by market; both have signed.
struct Signed {
    world: World,
    matrix: DocumentId,
}

fn signed() -> Signed {
    let mut world = World::in_force();
    let matrix = world.create("matrix", TITLE);
    world.now_ms += MINUTE;
    let now_ms = world.now_ms;
    for key in ["creative", "brief-writing", "russian-market", "outreach", "logistics"] {
        claim(&mut world.anna, now_ms, matrix, "moscow", key, "own");
    }
    let person = format!("cells/{}/person", function("logistics"));
    world.anna.set(now_ms, matrix, "party/moscow", &person, PERSON);
    for key in
        ["creative", "influencer-relations", "performance-analysis", "campaign-management", "us-market"]
    {
        claim(&mut world.dana, now_ms, matrix, "newyork", key, "own");
    }
    claim(&mut world.dana, now_ms, matrix, "newyork", "logistics", "support");
    world.sync_all();
    let rule = format!("agreements/{}/rule", function("creative"));
    world.anna.set(now_ms, matrix, "split", &rule, "split-by-market");
    world.sync_all();
    for lead in 0..2 {
        world.now_ms += HOUR;
        let (now_ms, split) = (world.now_ms, [SectionId::new("split")]);
        let device = if lead == 0 { &mut world.anna } else { &mut world.dana };
        device
            .at(now_ms, |replica, now| replica.sign_sections(now, matrix, &split))
            .expect("nothing is open");
        world.sync_all();
    }
    Signed { world, matrix }
}

fn record(device: &Device, matrix: DocumentId, now_ms: u64) -> SignedRecord {
    SignedRecord::of(&device.replica, matrix, now_ms).expect("a record")
}

fn file(device: &Device) -> Bundle {
    let kept = device.kept.iter().map(|(document, kept)| (*document, kept.clone()));
    device.replica.bundle(1, kept)
}

#[test]
fn the_page_says_who_signed_what_when_and_what_it_covers() {
    let Signed { world, matrix } = signed();
    let found = record(&world.anna, matrix, world.now_ms);
    assert!(found.is_vouched_for(&world.anna.replica));
    let [split] = found.signed.as_slice() else { panic!("the split is signed") };
    let state: &Document = world.anna.replica.document(matrix).expect("the matrix");
    assert_eq!((split.sealed.seals.len(), split.sealed.is_whole()), (2, true));
    for seal in &split.sealed.seals {
        assert_eq!(state.position_of(&seal.statement), Some(seal.entry));
        assert_eq!(seal.until_ms, Some(seal.at_ms + 90 * 24 * HOUR));
    }
    let page = html::write(&found.page());
    for said in [
        "Anna Orlova",
        "Dana Reyes",
        "руководитель Москвы",
        "New York&#39;s lead",
        "split by market",
        "не квалифицированная электронная подпись",
        "a record of what both teams agreed, not a qualified electronic signature",
        &split.sealed.digest.to_hex(),
        &found.head.hash.to_hex(),
        &found.partnership.to_hex(),
    ] {
        assert!(page.contains(said), "{said} is missing in {page}");
    }
    // Both teams read the same, but for when they made it.
    let dana = record(&world.dana, matrix, world.now_ms);
    assert_eq!(html::write(&dana.page()), page);
}

#[test]
fn what_people_wrote_is_text_on_the_page_and_nothing_else() {
    let Signed { world, matrix } = signed();
    let page = record(&world.anna, matrix, world.now_ms).page();
    let (html, markdown) = (html::write(&page), markdown::write(&page));
    assert!(html.contains("Who does &lt;b&gt;what&lt;/b&gt; &amp; &quot;why&quot;"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), "{html}");
    for markup in ["<b>", "<script", "javascript:", "src=", "href=", "url(", "@import"] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    assert!(markdown.contains(r"Who does &lt;b&gt;what&lt;/b&gt; & ") || markdown.contains(r"&lt;b&gt;what"));
    for markup in ["<b>", "<script", "[x](", "https://", "| *now*"] {
        assert!(!markdown.contains(markup), "{markup} in {markdown}");
    }
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(rows.clone().count() > 10 && rows.into_iter().all(|row| cells(row) == 3), "{markdown}");
}

#[test]
fn what_changed_after_the_signatures_is_not_signed() {
    let Signed { mut world, matrix } = signed();
    let lapsed = record(&world.anna, matrix, world.now_ms + 91 * 24 * HOUR);
    assert!(lapsed.signed[0].sealed.has_lapsed && !lapsed.signed[0].sealed.is_whole());
    assert!(html::write(&lapsed.page()).contains("These signatures have lapsed."));
    // Own edits that the relay has not seen are not in the record, and neither are unsigned sections' words.
    world.anna.replica.disconnected();
    claim(&mut world.anna, world.now_ms, matrix, "moscow", "creative", "none");
    let found = record(&world.anna, matrix, world.now_ms);
    assert_eq!(found.head, record(&world.dana, matrix, world.now_ms).head);
    let names: Vec<_> = found.unsigned.iter().map(|one| one.section.to_string()).collect();
    assert!(names.contains(&"party/moscow".to_owned()) && !names.contains(&"split".to_owned()), "{names:?}");
}

#[test]
fn the_file_proves_the_page_to_somebody_without_any_partnership() {
    let Signed { world, matrix } = signed();
    let bundle = Bundle::from_bytes(&file(&world.anna).to_bytes()).expect("a file");
    let stranger = VerifiedFile::of(&bundle, None, world.now_ms);
    assert!(stranger.verified.good && stranger.unvouched.is_empty());
    let found = record(&world.anna, matrix, world.now_ms);
    let sealed = &stranger.signed.iter().find(|one| one.document == matrix).expect("the matrix").sections;
    assert_eq!(sealed.as_slice(), [found.signed[0].sealed.clone()]);
    let said = stranger.text(&Words::new(Lang::En));
    let page = html::write(&found.page());
    let fingerprints: Vec<_> = said.split_whitespace().filter(|word| word.len() >= 64).collect();
    assert!(fingerprints.len() >= 4, "{said}");
    for print in fingerprints {
        assert!(page.contains(print.trim_end_matches('.')), "{print} is not on the page");
    }
}

#[test]
fn a_file_that_was_altered_is_found_out() {
    let Signed { world, matrix } = signed();
    let whole = file(&world.anna);
    let check = |bundle: &Bundle| VerifiedFile::of(bundle, None, world.now_ms);
    let place = whole.ledgers.iter().position(|one| one.document == matrix).expect("the matrix");
    // An entry less: the relay's word does not fit.
    let mut shorter = whole.clone();
    shorter.ledgers[place].deliveries.pop();
    assert!(!check(&shorter).verified.good);
    assert_eq!(check(&shorter).unvouched, [matrix]);
    // A word of the relay that it did not sign.
    let mut later = whole.clone();
    later.ledgers[place].checkpoint.checkpoint.time_ms += 1;
    assert_eq!((check(&later).verified.good, check(&later).unvouched.as_slice()), (false, &[matrix][..]));
    // Another signature under the last statement.
    let mut forged = whole.clone();
    let last = forged.ledgers[place].deliveries.last_mut().expect("an entry");
    last.envelope.signature.0[7] ^= 1;
    let found = check(&forged);
    assert!(!found.verified.good && found.signed.is_empty());
    assert!(found.text(&Words::new(Lang::Ru)).contains("НЕ в порядке"));
    // Other ground rules than those by which it was judged.
    let mut without = whole.clone();
    without.ledgers[0].deliveries.truncate(3);
    assert!(!check(&without).verified.good);
    // Bytes that were changed on the way do not even open.
    let mut bytes = whole.to_bytes();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert!(Bundle::from_bytes(&bytes).is_err());
}
