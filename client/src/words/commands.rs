//! Sentences without what to type at a command line, for an interface with buttons.

/// The catalogue without the sentences that name a command or its flags. A message that would be empty
/// without them stays as it is: it has an attribute `.app`, or only the command line says it.
pub(super) fn without(catalogue: &str) -> String {
    let mut text = String::with_capacity(catalogue.len());
    for line in catalogue.lines() {
        text += &without_in(line).unwrap_or_else(|| line.to_owned());
        text.push('\n');
    }
    text
}

/// A line of the catalogue without them; nothing if it names none, or would be empty.
fn without_in(line: &str) -> Option<String> {
    if line.starts_with('#') || !names_command(line) {
        return None;
    }
    let body_at = match line.starts_with(' ') {
        true => line.len() - line.trim_start().len(),
        false => line.find('=')? + 1,
    };
    let (head, body) = line.split_at(body_at);
    let body = without_brackets(body);
    let kept: Vec<&str> = sentences(&body).into_iter().filter(|sentence| !names_command(sentence)).collect();
    let kept = kept.join("");
    let kept = kept.trim_end();
    (!kept.trim().is_empty()).then(|| format!("{head}{kept}"))
}

/// Tells whether a text names a command of the program or a flag.
pub(super) fn names_command(text: &str) -> bool {
    let follows = |mark: &str| {
        let mut places = text.match_indices(mark).map(|(at, _)| &text[at + mark.len()..]);
        places.any(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()))
    };
    follows("entente ") || follows("--")
}

/// Leaves out brackets that hold a command alone.
fn without_brackets(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" (entente ") else { return text.to_owned() };
    match rest.split_once(')') {
        Some((_, after)) => format!("{before}{after}"),
        None => text.to_owned(),
    }
}

/// Cuts a line after each sentence, the spaces with it.
fn sentences(text: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    let mut rest = text;
    while let Some(at) = [". ", "? ", "! ", "; "].iter().filter_map(|end| rest.find(end)).min() {
        let (sentence, after) = rest.split_at(at + 2);
        cut.push(sentence);
        rest = after;
    }
    cut.push(rest);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_type_is_left_out_and_the_rest_stays() {
        for (line, without) in [
            ("a = Not synced yet. Run: entente sync", Some("a = Not synced yet.")),
            (
                "    } with you; nothing is lost. Why: entente why { $id }",
                Some("    } with you; nothing is lost."),
            ),
            ("a = Read them again (entente rules), then sign.", Some("a = Read them again, then sign.")),
            ("a = Please say who you are: --me \"First Last\"", None),
            ("a = Entente keeps what you agree on -- here.", None),
        ] {
            assert_eq!(without_in(line).as_deref(), without, "{line}");
        }
    }

    /// Only the command line says these: they say nothing but what to type next.
    const TERMINAL: [&str; 8] = [
        "conflict-keep",
        "gap-take",
        "held-ratify-hint",
        "held-revise-hint",
        "held-show-decide",
        "held-show-override",
        "local-offer-how",
        "record-check-with",
    ];

    #[test]
    fn an_interface_never_says_what_to_type() {
        for lang in crate::words::Lang::ALL {
            let words = crate::words::Words::for_app(lang);
            let said = crate::words::ids().filter(|id| !id.starts_with("help-") && !TERMINAL.contains(id));
            let wrong: Vec<_> = said.filter(|id| names_command(&words.say(id, crate::args![]))).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
}
