//! The matrix from the template, and what both teams fill in while all is well.

use super::{Cast, MATRIX, each, items};
use crate::demo::stage::Stage;

/// What stands in the agreed split before the teams part.
pub const PARAGRAPH: &str = "Moscow and New York plan the launch together.";

/// Anna opens the matrix; each team fills in its own column.
pub fn play(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, chris, .. } = cast;
    stage.title(["Who does what", "Кто что делает"]);
    stage.tell([
        "Anna opens the capability matrix from its template: nine functions, a column for each team.",
        "Анна открывает матрицу по шаблону: девять функций, у каждой команды своя колонка.",
    ]);
    stage.types(anna, &["doc", "new", "matrix", "Who does what"])?;
    stage.tell([
        "What her team owns, with a first word about the common work. Nothing leaves the device before a sync.",
        "Что ведёт её команда, и первая фраза об общей работе. До синхронизации всё остаётся на устройстве.",
    ]);
    for function in ["brief-writing", "russian-market", "outreach"] {
        stage.types(anna, &["doc", "set", MATRIX, &format!("moscow/{function}"), "own"])?;
    }
    stage.types(anna, &["doc", "set", MATRIX, "split/creative/text/en", PARAGRAPH])?;
    stage.types(anna, &["sync"])?;
    stage.tell([
        "Chris, account manager in New York, may fill in New York's column too.",
        "Колонку Нью-Йорка заполняет и Крис, менеджер в Нью-Йорке.",
    ]);
    stage.types(chris, &["sync"])?;
    for function in ["performance-analysis", "campaign-management", "us-market"] {
        stage.types(chris, &["doc", "set", MATRIX, &format!("newyork/{function}"), "own"])?;
    }
    stage.types(chris, &["sync"])?;
    check_open_points(stage, cast)
}

/// Everybody has it; three functions are still nobody's.
fn check_open_points(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    stage.tell([
        "Everybody fetches it; Vera, the coordinator, looks at the whole.",
        "Матрицу получают все; Вера, координатор, смотрит её целиком.",
    ]);
    for person in [&cast.anna, &cast.dana, &cast.lee, &cast.pavel] {
        stage.does(person, &["sync"])?;
    }
    stage.types(&cast.vera, &["sync"])?;
    stage.types(&cast.vera, &["doc", "show", MATRIX])?;
    let overlaps = stage.asks(&cast.vera, &["doc", "overlaps", MATRIX])?;
    let mut gaps = each(&overlaps["gaps"], "/label/en")?;
    gaps.sort_unstable();
    let expected = gaps == ["creative", "influencer relations", "logistics"];
    let holds = expected && items(&overlaps["overlaps"])?.is_empty();
    stage.check(
        [
            "nobody owns creative, influencer relations and logistics yet",
            "креатив, блогеров и логистику пока никто не ведёт",
        ],
        holds,
    )
}
