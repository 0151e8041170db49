//! A sine by table: the same bits everywhere, and far cheaper than the function.

use kinora_base::maths;
use std::sync::OnceLock;

const SIZE: usize = 4096;

/// One turn of a sine, read at any phase.
#[derive(Clone, Copy)]
pub(crate) struct Sine(&'static [f32]);

impl Sine {
    pub(crate) fn new() -> Self {
        static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
        Self(TABLE.get_or_init(|| (0..=SIZE).map(|i| maths::sin(i as f32 * std::f32::consts::TAU / SIZE as f32)).collect()))
    }
    /// The sine of a phase in turns, 0 and up.
    pub(crate) fn at(self, turns: f32) -> f32 {
        let x = (turns - turns.floor()) * SIZE as f32;
        let i = (x as usize).min(SIZE - 1);
        let t = x - i as f32;
        self.0[i] + (self.0[i + 1] - self.0[i]) * t
    }
}
