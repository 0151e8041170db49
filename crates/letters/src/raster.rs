//! Outlines to a picture of how much of each pixel they cover: exact areas, so that edges are as smooth as they can be.

use crate::outline::Outline;

/// How much of each pixel is covered, rows from the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// 255 = whole.
    pub alpha: Vec<u8>,
}

impl Coverage {
    /// Of an outline in pixels, y up from the lower edge of the picture.
    #[must_use]
    pub fn of(outline: &Outline, width: usize, height: usize) -> Self {
        // Each cell has the area that edges in it cover to their right, and the next takes over what is left: a running sum
        // over a row is the winding, weighted by area.
        let mut cells = vec![0.0_f32; (width + 2) * height];
        for contour in &outline.contours {
            for (a, b) in contour.iter().zip(contour.iter().cycle().skip(1)) {
                edge(&mut cells, (width, height), [a[0], height as f32 - a[1]], [b[0], height as f32 - b[1]]);
            }
        }
        let mut alpha = vec![0; width * height];
        for y in 0..height {
            let mut sum = 0.0;
            for x in 0..width {
                sum += cells[y * (width + 2) + x];
                alpha[y * width + x] = (sum.abs().min(1.0) * 255.0 + 0.5) as u8;
            }
        }
        Self { width, height, alpha }
    }

    /// Blurred by a box of `radius` pixels three times, which is nearly a Gaussian.
    #[must_use]
    pub fn blurred(&self, radius: usize) -> Self {
        let mut out = self.clone();
        for _ in 0..3 {
            for y in 0..out.height {
                boxed(&mut out.alpha[y * out.width..(y + 1) * out.width], radius);
            }
            let mut column = vec![0; out.height];
            for x in 0..out.width {
                (0..out.height).for_each(|y| column[y] = out.alpha[y * out.width + x]);
                boxed(&mut column, radius);
                (0..out.height).for_each(|y| out.alpha[y * out.width + x] = column[y]);
            }
        }
        out
    }
}

/// The mean of each value and its neighbours within a radius; beyond the ends there is nothing.
fn boxed(row: &mut [u8], radius: usize) {
    let old = row.to_vec();
    let span = (2 * radius + 1) as u32;
    let mut sum: u32 = old.iter().take(radius).map(|v| u32::from(*v)).sum();
    for x in 0..row.len() {
        sum += old.get(x + radius).map_or(0, |v| u32::from(*v));
        row[x] = ((sum + span / 2) / span) as u8;
        sum -= if x >= radius { u32::from(old[x - radius]) } else { 0 };
    }
}

/// Adds one edge, cut into rows.
fn edge(cells: &mut [f32], (width, height): (usize, usize), a: [f32; 2], b: [f32; 2]) {
    if a[1] == b[1] {
        return;
    }
    let (dir, top, bottom) = if a[1] < b[1] { (1.0, a, b) } else { (-1.0, b, a) };
    let slope = (bottom[0] - top[0]) / (bottom[1] - top[1]);
    let first = top[1].max(0.0);
    let last = bottom[1].min(height as f32);
    let mut y = first;
    while y < last {
        let row = (y as usize).min(height - 1);
        let next = ((row + 1) as f32).min(last);
        let (x0, x1) = (top[0] + (y - top[1]) * slope, top[0] + (next - top[1]) * slope);
        span(&mut cells[row * (width + 2)..(row + 1) * (width + 2)], width, dir * (next - y), x0.min(x1), x0.max(x1));
        y = next;
    }
}

/// Adds the part of an edge that is in one row: `rise` is its height with its direction.
fn span(row: &mut [f32], width: usize, rise: f32, x0: f32, x1: f32) {
    let (x0, x1) = (x0.clamp(0.0, width as f32), x1.clamp(0.0, width as f32));
    let (from, to) = (x0 as usize, x1 as usize);
    if from == to {
        // All in one pixel: a trapezium to its right edge.
        let share = 1.0 - ((x0 + x1) * 0.5 - from as f32);
        row[from] += rise * share;
        row[from + 1] += rise * (1.0 - share);
        return;
    }
    let per = rise / (x1 - x0);
    let mut before = 0.0;
    for (x, cell) in row.iter_mut().enumerate().take(to + 1).skip(from) {
        // What lies to the right of the edge within this pixel, and what of the row's height the edge has passed.
        let (a, b) = (x0.max(x as f32), x1.min((x + 1) as f32));
        let passed = (b - a).max(0.0) * per;
        let area = passed * (1.0 - ((a + b) * 0.5 - x as f32));
        *cell += area + before;
        before = passed - area;
    }
    row[to + 1] += before;
}
