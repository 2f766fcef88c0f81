//! Tables: their columns as wide as they need, numbers below each other, light rules, and their headings again on each further page.

use super::blocks::{Face, Setter, bold, regular};
use super::flow::{Piece, Run, again};
use super::style::{MARGIN, MEASURE, quiet, rule};
use crate::domain::report::drawing::Tone;
use crate::domain::report::{Align, Kind, Table, TableRow, Value};
use crate::pdf::fonts::{Weight, visible};
use crate::pdf::sheets::Ink;
use crate::pdf::tree::{Meaning, Place};

/// Between two columns.
const GUTTER: f32 = 12.0;
/// A heading of a row with more letters than these is a sentence.
const SENTENCE: usize = 48;
/// As many lines of a row at most stay together.
const TOGETHER: usize = 16;

/// A cell ready to be drawn.
struct Cell {
    text: String,
    face: Face,
    end: bool,
    /// Whether its digits have one width.
    even: bool,
    place: Place,
}

impl Cell {
    fn width(&self, text: &str) -> f32 {
        let Face { size, weight, .. } = self.face;
        if self.even { weight.even_width(text, size) } else { weight.width(text, size) }
    }

    fn longest_word(&self) -> f32 {
        self.text.split(' ').map(|word| self.width(word)).fold(0.0, f32::max)
    }
}

/// Where a table stands: its left edge, and how wide it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) left: f32,
    pub(super) width: f32,
}

/// The whole page across.
pub(super) const ACROSS: Room = Room { left: MARGIN, width: MEASURE };

/// A table with its caption, across the page.
pub(super) fn set(setter: &mut Setter<'_>, table: &Table, below: Place) -> Run {
    let place = setter.tree.add(Some(below), Meaning::Table);
    let caption = setter.tree.add(Some(place), Meaning::Caption);
    let face = bold(setter.style.small());
    let mut title = setter.lines(&face.broken(&table.caption, MEASURE), caption, face, MARGIN);
    (title.before, title.keep) = (setter.style.space(12.0), true);
    let mut run = rows_of(setter, table, place, ACROSS);
    run.pieces.insert(0, title);
    run
}

/// A table whose caption stands above already, as the title of the drawing that it belongs to.
pub(super) fn set_below(setter: &mut Setter<'_>, table: &Table, below: Place, room: Room) -> Run {
    let place = setter.tree.add(Some(below), Meaning::Table);
    let mut run = rows_of(setter, table, place, room);
    if let Some(first) = run.pieces.first_mut() {
        first.before = setter.style.space(4.0);
    }
    run
}

/// The headings and rows of a table.
fn rows_of(setter: &mut Setter<'_>, table: &Table, place: Place, room: Room) -> Run {
    setter.tables += 1;
    let (head, rows) = cells(setter, table, place);
    let widths = widths(&head, &rows, table.columns.len(), room.width);
    let mut header = row(&head, &widths, room.left, true).into_iter().next().unwrap_or_default();
    header.keep = true;
    let repeated = again(&header);
    let mut pieces = vec![header];
    for (index, cells) in rows.iter().enumerate() {
        let mut row = row(cells, &widths, room.left, false);
        // No row stands alone at either end.
        if let Some(last) = row.last_mut() {
            last.keep = rows.len() > 1 && (index == 0 || index + 2 == rows.len());
        }
        pieces.extend(row);
    }
    Run { pieces, again: Some(repeated) }
}

/// Every cell with its place in the tree: headings, and rows.
fn cells(setter: &mut Setter<'_>, table: &Table, place: Place) -> (Vec<Cell>, Vec<Vec<Cell>>) {
    let number = setter.tables;
    let size = setter.style.small();
    let tree = &mut *setter.tree;
    let head = tree.add(Some(place), Meaning::Head);
    let head_row = tree.add(Some(head), Meaning::Row);
    let column_name = |column: usize| format!("t{number}c{column}");
    let mut headings = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        let place = tree.add(Some(head_row), Meaning::ColumnHeading(column_name(index)));
        let face = Face { colour: quiet(), ..bold(size) };
        let end = column.align == Align::End;
        headings.push(Cell { text: visible(&column.title), face, end, even: false, place });
    }
    let body = tree.add(Some(place), Meaning::Rows);
    let mut rows = Vec::new();
    for (index, TableRow { head, cells }) in table.rows.iter().enumerate() {
        let line = tree.add(Some(body), Meaning::Row);
        let name = format!("t{number}r{index}");
        let place = tree.add(Some(line), Meaning::RowHeading(name.clone(), column_name(0)));
        // A sentence as a heading is not bold: many of them would be a wall.
        let weight = if head.chars().count() > SENTENCE { Weight::Regular } else { Weight::Bold };
        let face = Face { weight, ..regular(size) };
        let mut row = vec![Cell { text: visible(head), face, end: false, even: false, place }];
        for (column, align) in table.columns.iter().enumerate().skip(1).map(|(c, column)| (c, column.align)) {
            let nothing = Value::text("");
            let value = cells.get(column - 1).unwrap_or(&nothing);
            let place = tree.add(Some(line), Meaning::Cell(vec![column_name(column), name.clone()]));
            let colour = if value.kind == Kind::Absent { quiet() } else { regular(size).colour };
            let even = align == Align::End && value.kind != Kind::Absent;
            let face = Face { colour, ..regular(size) };
            row.push(Cell { text: visible(&value.text), face, end: align == Align::End, even, place });
        }
        rows.push(row);
    }
    (headings, rows)
}

/// How wide each column is: what its longest cell needs if there is room, else at least its longest word, and more the more it has to say.
fn widths(head: &[Cell], rows: &[Vec<Cell>], columns: usize, across: f32) -> Vec<f32> {
    let column =
        |index: usize| head.get(index).into_iter().chain(rows.iter().filter_map(move |row| row.get(index)));
    let most = |index: usize, width: &dyn Fn(&Cell) -> f32| column(index).map(width).fold(1.0, f32::max);
    let wanted: Vec<f32> = (0..columns)
        .map(|index| {
            // A heading of several words may take two lines.
            let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.width(&cell.text) + 0.5);
            let heading = head
                .get(index)
                .map_or(0.0, |cell| (cell.width(&cell.text) * 0.62).max(cell.longest_word()) + 0.5);
            cells.fold(heading, f32::max)
        })
        .collect();
    let gutters = GUTTER * f32::from(u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX));
    let room = (across - gutters).max(1.0);
    let sum: f32 = wanted.iter().sum();
    if sum <= room {
        // Some air, and more for the first column; a table of few columns is not drawn out over the page.
        let spare = room - sum;
        let each = (spare / 2.0 / f32::from(u16::try_from(columns.max(1)).unwrap_or(u16::MAX))).min(22.0);
        let first = (spare / 2.0).min(90.0);
        let wider = |(index, width): (usize, f32)| width + each + if index == 0 { first } else { 0.0 };
        return wanted.into_iter().enumerate().map(wider).collect();
    }
    let least: Vec<f32> =
        (0..columns).map(|index| most(index, &|c| c.longest_word() + 0.5).min(room * 0.4)).collect();
    // Numbers keep their lines as long as the headings of rows still have a quarter of the room.
    let others: f32 = wanted.iter().skip(1).sum();
    let rest = room - others;
    if rest >= room / 4.0 && rest >= least.first().copied().unwrap_or(0.0).min(room * 0.3) {
        return std::iter::once(rest).chain(wanted.into_iter().skip(1)).collect();
    }
    let floor: f32 = least.iter().sum();
    if floor >= room {
        return least.iter().map(|width| width * room / floor).collect();
    }
    let more: f32 = wanted.iter().zip(&least).map(|(wanted, least)| (wanted - least).max(0.0)).sum();
    let part = (room - floor) / more.max(1.0);
    wanted.iter().zip(&least).map(|(wanted, least)| least + (wanted - least).max(0.0) * part).collect()
}

/// A row in as many pieces as it needs: one, unless a cell holds very much.
fn row(cells: &[Cell], widths: &[f32], left: f32, heading: bool) -> Vec<Piece> {
    let lines: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            crate::domain::lines::broken(&cell.text, |line| cell.width(line.trim_end()) <= *width)
        })
        .collect();
    let count = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let line = cells.iter().map(|cell| cell.face.line()).fold(0.0, f32::max);
    let pad = 2.8;
    let mut pieces = Vec::new();
    for from in (0..count).step_by(TOGETHER) {
        let to = (from + TOGETHER).min(count);
        let mut piece = Piece::default();
        let top = if from == 0 { pad } else { 0.0 };
        let mut x = left;
        for ((cell, lines), width) in cells.iter().zip(&lines).zip(widths) {
            // Headings stand at the foot of their row.
            let down = if heading { count - lines.len().max(1) } else { 0 };
            for (index, text) in lines.iter().enumerate().take(to).skip(from) {
                let bare = cell.width(text.trim_end());
                let x = if cell.end { x + width - bare } else { x };
                let row = f32::from(u16::try_from(index + down - from).unwrap_or(u16::MAX));
                piece.mark(cell.place, even(cell.face.ink(text, x, top + row * line), cell.even));
            }
            if lines.is_empty() && from == 0 {
                piece.mark(cell.place, Ink::Nothing);
            }
            x += width + GUTTER;
        }
        let rows = f32::from(u16::try_from(to - from).unwrap_or(u16::MAX));
        piece.height = top + rows * line + if to == count { pad } else { 0.0 };
        if to == count {
            let (colour, width) = if heading { (Tone::Edge.rgb(), 1.0) } else { (rule(), 0.6) };
            let points = vec![(left, piece.height), (x - GUTTER, piece.height)];
            piece.ornament(Ink::Line { points, colour, width, dash: None });
        }
        pieces.push(piece);
    }
    pieces
}

fn even(ink: Ink, wanted: bool) -> Ink {
    match ink {
        Ink::Words { at, text, size, weight, colour, .. } => {
            Ink::Words { at, text, size, weight, colour, even: wanted }
        }
        other => other,
    }
}
