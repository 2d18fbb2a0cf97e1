//! The record as one HTML file: no scripts, nothing from elsewhere, made to be printed on A4.

use entente_shared::kinds::{Lang, Words as Pair};

use super::page::{Block, Item, Page, SealBlock};

/// The style sheet; it names no font that would have to be fetched.
const STYLE: &str = include_str!("record.css");

/// Writes a page. Everything that people wrote is escaped.
pub fn write(page: &Page) -> String {
    let title = escape(&page.title.en);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    html += &format!("<header>\n<h1>{title}</h1>\n{}</header>\n", pair("under", &page.under));
    html += "<div class=\"two langs\" aria-hidden=\"true\"><p>Русский</p><p>English</p></div>\n";
    for block in &page.blocks {
        html += &self::block(block);
    }
    html += &format!("<footer>\n{}</footer>\n</main>\n</body>\n</html>\n", pair("nature", &page.nature));
    html
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(text) => two(|lang| format!("<h2>{}</h2>", escape(text.get(lang)))),
        Block::Text(text) => pair("text", text),
        Block::Items(items) => items.iter().map(|item| two(|lang| self::item(item, lang))).collect(),
        Block::Seals(seals) => {
            let seals: String = seals.iter().map(seal).collect();
            format!("<div class=\"seals\">\n{seals}</div>\n")
        }
        Block::Print(label, print) => {
            let labels = two(|lang| format!("<p class=\"label\">{}</p>", escape(label.get(lang))));
            format!("<div class=\"print\">{labels}<code>{}</code></div>\n", escape(print))
        }
    }
}

/// The same in both languages beside each other.
fn two(of: impl Fn(Lang) -> String) -> String {
    let columns = Lang::ALL.map(|lang| format!("<div lang=\"{}\">{}</div>", lang.key(), of(lang)));
    format!("<div class=\"two\">{}</div>\n", columns.concat())
}

fn pair(class: &str, text: &Pair) -> String {
    two(|lang| format!("<p class=\"{class}\">{}</p>", escape(text.get(lang))))
}

fn item(item: &Item, lang: Lang) -> String {
    let (label, value) = (escape(item.label.get(lang)), escape(item.value.get(lang)));
    let depth = item.depth.min(3);
    format!("<dl class=\"item d{depth}\"><dt>{label}</dt><dd>{value}</dd></dl>")
}

fn seal(seal: &SealBlock) -> String {
    let (class, mark) = if seal.is_given { ("seal", "✓") } else { ("seal missing", "○") };
    let lines = two(|lang| {
        let (person, role, when) = (seal.person.get(lang), seal.role.get(lang), seal.when.get(lang));
        format!(
            "<p class=\"who\">{}</p><p class=\"role\">{}</p><p class=\"when\">{}</p>",
            escape(person),
            escape(role),
            escape(when)
        )
    });
    let entry = match seal.entry.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", escape(&seal.entry)),
    };
    format!("<section class=\"{class}\"><span class=\"mark\">{mark}</span>{lines}{entry}</section>\n")
}

/// Text as it is, whatever it contains.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\n' => escaped += "<br>",
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}
