//! What people read, without what differs from run to run: times, keys, links, short names.

/// An argument as somebody would type it.
pub fn quoted(arg: &str) -> String {
    if arg.contains(' ') { format!("\"{arg}\"") } else { arg.to_owned() }
}

/// Replaces what differs from run to run.
pub fn normalised(said: &str) -> String {
    let mut lines = String::new();
    for line in said.lines() {
        lines += &words(line);
        lines += "\n";
    }
    short_names(&lines)
}

/// Replaces times, secrets and heads in one line, and keeps its spaces.
fn words(line: &str) -> String {
    let is_key =
        line.split_whitespace().count() == 14 && line.split_whitespace().all(|group| group.len() == 4);
    if is_key {
        return "  [RECOVERY KEY]".to_owned();
    }
    let mut out = String::new();
    for (at, word) in line.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out += &normal_word(word);
    }
    days(&out)
}

fn normal_word(word: &str) -> String {
    for mark in ["/#found-", "/join#", "/recover#"] {
        if word.contains(mark) {
            return format!("[RELAY]{mark}[…]");
        }
    }
    let bare = word.trim_end_matches(['.', ',', ':', ';', ')', '\n']);
    let rest = &word[bare.len()..];
    let is_time = bare.len() == 5
        && bare.char_indices().all(|(at, c)| if at == 2 { c == ':' } else { c.is_ascii_digit() });
    let is_head = bare.len() == 6
        && bare.chars().all(|c| c.is_ascii_hexdigit())
        && (bare.chars().any(|c| c.is_ascii_digit()) || bare.chars().all(|c| ('a'..='f').contains(&c)));
    match () {
        () if is_time => format!("[TIME]{rest}"),
        () if is_head => format!("[HEAD]{rest}"),
        () => word.to_owned(),
    }
}

/// A day before a time, as in `Mon 23 Nov [TIME]`; how long until an office opens.
fn days(line: &str) -> String {
    const DAYS: [&str; 14] =
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "пн", "вт", "ср", "чт", "пт", "сб", "вс"];
    let mut words: Vec<&str> = line.split(' ').collect();
    let mut at = 0;
    while at < words.len() {
        if DAYS.contains(&words[at].trim_end_matches(',')) {
            let until = words[at..].iter().position(|word| word.starts_with("[TIME]"));
            if let Some(until) = until.filter(|until| *until <= 4) {
                words.drain(at..at + until);
            }
        }
        at += 1;
    }
    presence(words.join(" "))
}

/// Whether an office is open depends on when the test runs.
fn presence(mut line: String) -> String {
    const MARKS: [&str; 4] = ["at work", "closed", "на работе", "рабочий день"];
    let Some(mark) = MARKS.iter().filter_map(|mark| line.find(mark)).min() else { return line };
    let from = line[..mark].rfind('(').map_or(0, |open| open + 1);
    let until = line[mark..].find(')').map_or(line.len(), |close| mark + close);
    line.replace_range(from..until, "[PRESENCE]");
    line
}

/// Gives short names in the order in which they are first read: `h-1`, `h-2`.
fn short_names(said: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut out = String::new();
    for word in said.split_inclusive([' ', '\n', ':', ',', '.', ')', '(']) {
        let bare: String = word.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let digits = bare.strip_prefix("h-").filter(|digits| digits.len() >= 3);
        match digits.filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit())) {
            Some(_) => {
                let known = names.iter().position(|name| *name == bare).unwrap_or_else(|| {
                    names.push(bare.clone());
                    names.len() - 1
                });
                out += &format!("h-{}{}", known + 1, &word[bare.len()..]);
            }
            None => out += word,
        }
    }
    // Names can be longer than others, and columns wider with them.
    out.lines().map(|line| if line.contains("h-") { evened(line) } else { line.to_owned() } + "\n").collect()
}

/// A line with two spaces between columns.
fn evened(line: &str) -> String {
    let begin = line.len() - line.trim_start().len();
    let columns: Vec<_> =
        line.trim_start().split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
    format!("{}{}", &line[..begin], columns.join("  "))
}
