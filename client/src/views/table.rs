//! Columns of text that stand below each other.

/// The space between two columns.
const GAP: &str = "  ";

/// Rows of cells; each column is as wide as its widest cell.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// The last cell may be longer than its column.
    runs_over: bool,
}

impl Table {
    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Self {
        self.rows.push(Row { cells: cells.into_iter().map(Into::into).collect(), runs_over: false });
        self
    }

    /// Adds a row whose last cell does not widen its column.
    pub fn row_over<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Self {
        self.rows.push(Row { cells: cells.into_iter().map(Into::into).collect(), runs_over: true });
        self
    }

    /// Writes the rows, each on a line that begins with `indent`.
    pub fn text(&self, indent: &str) -> String {
        let columns = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let width = |column: usize| {
            let counts = |row: &&Row| !row.runs_over || column + 1 < row.cells.len();
            let cells = self.rows.iter().filter(counts).filter_map(|row| row.cells.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = indent.to_owned();
            for (cell, width) in row.cells.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
                line.push_str(GAP);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}
