//! The portable twin: arrays of eight, one lane after the other. It is the truth that AVX2 has to match.

use super::{Piece, Simd};

/// Plain arrays.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

#[inline(always)]
fn each<T: Copy + Default>(f: impl Fn(usize) -> T) -> [T; 8] {
    let mut out = [T::default(); 8];
    for (k, o) in out.iter_mut().enumerate() {
        *o = f(k);
    }
    out
}

#[inline(always)]
fn truth(b: bool) -> i32 {
    -i32::from(b)
}

impl Simd for Plain {
    type F = [f32; 8];
    type I = [i32; 8];
    type M = [i32; 8];
    #[inline(always)]
    fn splat(v: f32) -> [f32; 8] {
        [v; 8]
    }
    #[inline(always)]
    fn load(v: &[f32; 8]) -> [f32; 8] {
        *v
    }
    #[inline(always)]
    fn store(a: [f32; 8], to: &mut [f32; 8]) {
        *to = a;
    }
    #[inline(always)]
    fn add(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| a[k] + b[k])
    }
    #[inline(always)]
    fn sub(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| a[k] - b[k])
    }
    #[inline(always)]
    fn mul(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| a[k] * b[k])
    }
    #[inline(always)]
    fn div(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| a[k] / b[k])
    }
    #[inline(always)]
    fn neg(a: [f32; 8]) -> [f32; 8] {
        each(|k| -a[k])
    }
    #[inline(always)]
    fn abs(a: [f32; 8]) -> [f32; 8] {
        each(|k| a[k].abs())
    }
    #[inline(always)]
    fn sqrt(a: [f32; 8]) -> [f32; 8] {
        each(|k| a[k].sqrt())
    }
    #[inline(always)]
    fn floor(a: [f32; 8]) -> [f32; 8] {
        each(|k| a[k].floor())
    }
    #[inline(always)]
    fn min(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| if a[k] < b[k] { a[k] } else { b[k] })
    }
    #[inline(always)]
    fn max(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        each(|k| if a[k] > b[k] { a[k] } else { b[k] })
    }
    #[inline(always)]
    fn lt(a: [f32; 8], b: [f32; 8]) -> [i32; 8] {
        each(|k| truth(a[k] < b[k]))
    }
    #[inline(always)]
    fn le(a: [f32; 8], b: [f32; 8]) -> [i32; 8] {
        each(|k| truth(a[k] <= b[k]))
    }
    #[inline(always)]
    fn select(m: [i32; 8], yes: [f32; 8], no: [f32; 8]) -> [f32; 8] {
        each(|k| if m[k] < 0 { yes[k] } else { no[k] })
    }
    #[inline(always)]
    fn iselect(m: [i32; 8], yes: [i32; 8], no: [i32; 8]) -> [i32; 8] {
        each(|k| if m[k] < 0 { yes[k] } else { no[k] })
    }
    #[inline(always)]
    fn mand(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k] & b[k])
    }
    #[inline(always)]
    fn mor(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k] | b[k])
    }
    #[inline(always)]
    fn mnot(a: [i32; 8]) -> [i32; 8] {
        each(|k| !a[k])
    }
    #[inline(always)]
    fn bits(a: [i32; 8]) -> u32 {
        (0..8).fold(0, |b, k| b | (u32::from(a[k] < 0) << k))
    }
    #[inline(always)]
    fn isplat(v: i32) -> [i32; 8] {
        [v; 8]
    }
    #[inline(always)]
    fn iload(v: &[i32; 8]) -> [i32; 8] {
        *v
    }
    #[inline(always)]
    fn istore(a: [i32; 8], to: &mut [i32; 8]) {
        *to = a;
    }
    #[inline(always)]
    fn iadd(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k].wrapping_add(b[k]))
    }
    #[inline(always)]
    fn isub(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k].wrapping_sub(b[k]))
    }
    #[inline(always)]
    fn imul(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k].wrapping_mul(b[k]))
    }
    #[inline(always)]
    fn iand(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k] & b[k])
    }
    #[inline(always)]
    fn ior(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k] | b[k])
    }
    #[inline(always)]
    fn ixor(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k] ^ b[k])
    }
    #[inline(always)]
    fn ishl(a: [i32; 8], n: i32) -> [i32; 8] {
        each(|k| a[k] << n)
    }
    #[inline(always)]
    fn ishr(a: [i32; 8], n: i32) -> [i32; 8] {
        each(|k| ((a[k] as u32) >> n) as i32)
    }
    #[inline(always)]
    fn imin(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k].min(b[k]))
    }
    #[inline(always)]
    fn imax(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| a[k].max(b[k]))
    }
    #[inline(always)]
    fn ieq(a: [i32; 8], b: [i32; 8]) -> [i32; 8] {
        each(|k| truth(a[k] == b[k]))
    }
    #[inline(always)]
    fn truncate(a: [f32; 8]) -> [i32; 8] {
        // The range check is what `cvttps2dq` does; `as` alone would saturate.
        each(|k| if a[k] >= -2_147_483_648.0 && a[k] < 2_147_483_648.0 { a[k] as i32 } else { i32::MIN })
    }
    #[inline(always)]
    fn to_float(a: [i32; 8]) -> [f32; 8] {
        each(|k| a[k] as f32)
    }
    #[inline(always)]
    fn from_bits(a: [i32; 8]) -> [f32; 8] {
        each(|k| f32::from_bits(a[k] as u32))
    }
    #[inline(always)]
    fn to_bits(a: [f32; 8]) -> [i32; 8] {
        each(|k| a[k].to_bits() as i32)
    }
    #[inline(always)]
    fn gather(from: &[f32], index: [i32; 8]) -> [f32; 8] {
        let last = from.len() - 1;
        each(|k| from[(index[k] as u32 as usize).min(last)])
    }
    #[inline(always)]
    fn igather(from: &[u32], index: [i32; 8]) -> [i32; 8] {
        let last = from.len() - 1;
        each(|k| from[(index[k] as u32 as usize).min(last)] as i32)
    }
    #[inline(always)]
    fn transpose(rows: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
        let mut out = [[0.0; 8]; 8];
        for (i, row) in rows.iter().enumerate() {
            for (j, v) in row.iter().enumerate() {
                out[j][i] = *v;
            }
        }
        out
    }
    #[inline(always)]
    fn zip(a: [f32; 8], b: [f32; 8]) -> [[f32; 8]; 2] {
        let of = |k: usize| if k.is_multiple_of(2) { a[k / 2] } else { b[k / 2] };
        [each(of), each(|k| of(k + 8))]
    }
    #[inline(always)]
    fn opaque(a: [i32; 8]) -> [i32; 8] {
        a
    }
    #[inline(never)]
    fn apart<P: Piece>(piece: P) -> P::Out {
        piece.run()
    }
}
