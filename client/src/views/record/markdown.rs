//! The record as Markdown, with both languages in the two columns of tables.

use entente_shared::kinds::{Lang, Words as Pair};

use super::page::{Block, Item, Page, SealBlock};

/// Writes a page. Everything that people wrote is escaped.
pub fn write(page: &Page) -> String {
    let mut text = format!("# {}\n\n", escape(&page.title.en));
    text += &table(&[cells(&page.under)]);
    for block in &page.blocks {
        text += &self::block(block);
    }
    text += "---\n\n";
    for lang in Lang::ALL {
        text += &format!("*{}*\n\n", escape(page.nature.get(lang)));
    }
    text.trim_end().to_owned() + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("## {} / {}\n\n", escape(&text.ru), escape(&text.en)),
        Block::Text(text) => table(&[cells(text)]),
        Block::Items(items) => table(&items.iter().map(item).collect::<Vec<_>>()),
        Block::Seals(seals) => table(&seals.iter().map(seal).collect::<Vec<_>>()),
        Block::Print(label, print) => {
            format!("{} / {}:\n`{print}`\n\n", escape(&label.ru), escape(&label.en))
        }
    }
}

/// A table of the two languages.
fn table(rows: &[[String; 2]]) -> String {
    let rows = rows.iter().map(|[ru, en]| format!("| {ru} | {en} |\n"));
    format!("| Русский | English |\n|---|---|\n{}\n", rows.collect::<String>())
}

fn cells(text: &Pair) -> [String; 2] {
    Lang::ALL.map(|lang| escape(text.get(lang)))
}

fn item(item: &Item) -> [String; 2] {
    Lang::ALL.map(|lang| {
        let indent = "&emsp;".repeat(item.depth.min(3));
        format!("{indent}**{}:** {}", escape(item.label.get(lang)), escape(item.value.get(lang)))
    })
}

fn seal(seal: &SealBlock) -> [String; 2] {
    let mark = if seal.is_given { "✓" } else { "○" };
    Lang::ALL.map(|lang| {
        let mut text =
            format!("{mark} **{}**, {}", escape(seal.person.get(lang)), escape(seal.role.get(lang)));
        if seal.is_given {
            text += &format!("<br>{}<br>`{}`", escape(seal.when.get(lang)), seal.entry);
        }
        text
    })
}

/// Text as it is, in a cell of a table, whatever it contains.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\n' => escaped += "<br>",
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    // A link without brackets is one, too, to some readers.
    escaped.replace("://", ":&#47;/")
}
