//! Coloured shapes that lie over tables: which cell each belongs to.
//!
//! People put a circle over a cell and colour it. The shape knows nothing of the table, so all there is to go by
//! is where both lie. A shape whose centre lies in a cell belongs to that cell; one that is larger than the cell
//! belongs to none, and no distance is ever bridged: a status on the wrong row is worse than none.

use super::drawing::Grid;
use super::{Colour, Mark, Merged};

/// How positions inside a group become positions on the slide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Space {
    pub scale: (f64, f64),
    pub shift: (f64, f64),
}

impl Space {
    /// The slide itself.
    pub const SLIDE: Self = Self { scale: (1.0, 1.0), shift: (0.0, 0.0) };

    /// The space inside a group that lies at `outer` in this one and calls that `inner`.
    pub fn within(self, outer: Area, inner: Area) -> Self {
        let ratio = |outer: f64, inner: f64| if inner > 0.0 { outer / inner } else { 1.0 };
        let (x, y) = (ratio(outer.width, inner.width), ratio(outer.height, inner.height));
        Self {
            scale: (self.scale.0 * x, self.scale.1 * y),
            shift: (
                self.shift.0 + self.scale.0 * (outer.x - inner.x * x),
                self.shift.1 + self.scale.1 * (outer.y - inner.y * y),
            ),
        }
    }

    /// An area of this space on the slide.
    pub fn place(self, area: Area) -> Area {
        Area {
            x: area.x * self.scale.0 + self.shift.0,
            y: area.y * self.scale.1 + self.shift.1,
            width: area.width * self.scale.0,
            height: area.height * self.scale.1,
        }
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A table that lies on a slide.
#[derive(Debug)]
pub(super) struct Placed {
    pub grid: Grid,
    /// Its frame, in the space that `space` is.
    pub frame: Area,
    pub space: Space,
}

/// A coloured shape without text, or with one letter.
#[derive(Debug)]
pub(super) struct Shape {
    /// On the slide.
    pub area: Area,
    pub colour: Colour,
    pub text: Option<String>,
}

/// What became of the shapes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Laid {
    /// Shapes that lie over a table and are too large for their cell.
    pub too_large: usize,
    /// Shapes found their cells in a table whose rows don't add up to its height.
    pub doubtful: bool,
}

/// How much a shape may jut out of its cell.
const SLACK: f64 = 1.25;
/// How far the heights of rows may be from the height of their table.
const CLOSE: f64 = 0.05;

/// Gives each shape to its cell.
pub(super) fn lay(tables: &mut [Placed], mut shapes: Vec<Shape>) -> Laid {
    let mut laid = Laid::default();
    shapes.sort_by(|a, b| a.area.y.total_cmp(&b.area.y).then(a.area.x.total_cmp(&b.area.x)));
    let edges: Vec<_> = tables.iter().map(edges).collect();
    for shape in shapes {
        let centre = (shape.area.x + shape.area.width / 2.0, shape.area.y + shape.area.height / 2.0);
        // The last one lies on top of those before it.
        for (placed, (columns, rows)) in tables.iter_mut().zip(&edges).rev() {
            let (Some(column), Some(row)) = (at(columns, centre.0), at(rows, centre.1)) else { continue };
            let table = &mut placed.grid.table;
            let (row, column) = table.origin(row, column);
            let (across, down) =
                (reach(table, row, column, Merged::Left), reach(table, row, column, Merged::Above));
            let width = columns.get(column + across).zip(columns.get(column)).map_or(0.0, |(b, a)| b - a);
            let height = rows.get(row + down).zip(rows.get(row)).map_or(0.0, |(b, a)| b - a);
            if shape.area.width > width * SLACK || shape.area.height > height * SLACK {
                laid.too_large += 1;
            } else if let Some(cell) = table.rows.get_mut(row).and_then(|r| r.cells.get_mut(column)) {
                let whole = placed.frame.height;
                let rows: f64 = placed.grid.heights.iter().sum();
                laid.doubtful |= (whole - rows).abs() > whole * CLOSE;
                cell.marks.push(Mark { colour: shape.colour, text: shape.text, paragraph: None });
            }
            break;
        }
    }
    laid
}

/// Where columns and rows begin on the slide, and where the last one ends.
fn edges(placed: &Placed) -> (Vec<f64>, Vec<f64>) {
    let along = |start: f64, sizes: &[f64], scale: f64| {
        let mut edges = vec![start];
        edges.extend(sizes.iter().scan(start, |at, size| {
            *at += size.max(0.0) * scale;
            Some(*at)
        }));
        edges
    };
    let origin = placed.space.place(placed.frame);
    let (across, down) = placed.space.scale;
    (along(origin.x, &placed.grid.columns, across), along(origin.y, &placed.grid.heights, down))
}

/// Between which two edges a place lies.
fn at(edges: &[f64], place: f64) -> Option<usize> {
    edges.windows(2).position(|pair| pair[0] <= place && place < pair[1])
}

/// How many columns or rows a merged cell takes.
fn reach(table: &super::Table, row: usize, column: usize, how: Merged) -> usize {
    let next = |step: usize| match how {
        Merged::Above => table.rows.get(row + step).and_then(|r| r.cells.get(column)),
        _ => table.rows.get(row).and_then(|r| r.cells.get(column + step)),
    };
    1 + (1..).take_while(|step| next(*step).is_some_and(|cell| cell.merged == how)).count()
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Row, Table};
    use super::*;

    fn placed(rows: usize, frame_height: f64) -> Placed {
        let row = |number| Row { number, cells: vec![Cell::default(), Cell::default()], header: false };
        let table = Table { rows: (1..=rows).map(row).collect() };
        let grid = Grid { columns: vec![100.0, 50.0], heights: vec![40.0; rows], table };
        let frame = Area { x: 10.0, y: 20.0, width: 150.0, height: frame_height };
        Placed { grid, frame, space: Space::SLIDE }
    }

    fn shape(x: f64, y: f64, size: f64, hex: &str) -> Shape {
        let area = Area { x: x - size / 2.0, y: y - size / 2.0, width: size, height: size };
        Shape { area, colour: Colour::parse(hex).unwrap(), text: None }
    }

    fn marked(placed: &Placed) -> Vec<(usize, usize, usize)> {
        let rows = placed.grid.table.rows.iter().enumerate();
        let cells = rows.flat_map(|(r, row)| row.cells.iter().enumerate().map(move |(c, cell)| (r, c, cell)));
        cells.filter(|(_, _, c)| !c.marks.is_empty()).map(|(r, c, cell)| (r, c, cell.marks.len())).collect()
    }

    #[test]
    fn the_centre_decides_and_a_shape_beside_belongs_nowhere() {
        let mut tables = [placed(3, 120.0)];
        let shapes = vec![
            shape(135.0, 30.0, 20.0, "00B050"),
            shape(135.0, 75.0, 20.0, "FF0000"),
            shape(135.0, 85.0, 20.0, "FFC000"),
            shape(165.0, 30.0, 20.0, "FF0000"),
            shape(135.0, 141.0, 20.0, "FF0000"),
        ];
        assert_eq!(lay(&mut tables, shapes), Laid::default());
        assert_eq!(marked(&tables[0]), [(0, 1, 1), (1, 1, 2)]);
        let marks = &tables[0].grid.table.rows[1].cells[1].marks;
        assert_eq!(marks[0].colour.rgb, [255, 0, 0], "from above");
    }

    #[test]
    fn what_is_larger_than_its_cell_is_left() {
        let mut tables = [placed(3, 120.0)];
        let laid = lay(&mut tables, vec![shape(135.0, 80.0, 70.0, "FF0000")]);
        assert_eq!((laid.too_large, marked(&tables[0])), (1, vec![]));
        tables[0].grid.table.rows[2].cells[1].merged = Merged::Above;
        let laid = lay(&mut tables, vec![shape(135.0, 100.0, 60.0, "FF0000")]);
        assert_eq!((laid.too_large, marked(&tables[0])), (0, vec![(1, 1, 1)]));
    }

    #[test]
    fn rows_that_do_not_add_up_are_doubtful() {
        let mut tables = [placed(3, 160.0)];
        assert!(lay(&mut tables, vec![shape(135.0, 30.0, 20.0, "FF0000")]).doubtful);
    }

    #[test]
    fn groups_move_and_stretch_what_is_in_them() {
        let outer = Area { x: 100.0, y: 200.0, width: 50.0, height: 80.0 };
        let inner = Area { x: 10.0, y: 0.0, width: 100.0, height: 40.0 };
        let space = Space::SLIDE.within(outer, inner);
        let area = Area { x: 10.0, y: 0.0, width: 20.0, height: 10.0 };
        assert_eq!(space.place(area), Area { x: 100.0, y: 200.0, width: 10.0, height: 20.0 });
        let space = space.within(area, Area { x: 0.0, y: 0.0, width: 40.0, height: 10.0 });
        let whole = Area { x: 0.0, y: 0.0, width: 40.0, height: 10.0 };
        assert_eq!(space.place(whole), Area { x: 100.0, y: 200.0, width: 10.0, height: 20.0 });
    }
}
