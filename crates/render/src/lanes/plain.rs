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

/// The nearest half of a float, ties to even.
#[inline(always)]
fn half(v: f32) -> u16 {
    let bits = v.to_bits();
    let (sign, a) = ((bits >> 16 & 0x8000) as u16, bits & 0x7fff_ffff);
    sign | match a {
        0x7f80_0001.. => 0x7e00 | (a >> 13 & 0x3ff) as u16,
        0x4780_0000.. => 0x7c00,
        // Half of an odd step is added; what comes over goes to the exponent, as it should.
        0x3880_0000.. => ((a - 0x3800_0000 + 0x0fff + (a >> 13 & 1)) >> 13) as u16,
        // Added to a half, the steps of the sum are those of small halves.
        _ => ((f32::from_bits(a) + 0.5).to_bits() - 0x3f00_0000) as u16,
    }
}

#[inline(always)]
fn from_half(v: u16) -> f32 {
    let (sign, a) = (u32::from(v & 0x8000) << 16, u32::from(v & 0x7fff));
    f32::from_bits(
        sign | match a {
            0x7c01.. => a << 13 | 0x7fc0_0000,
            0x7c00 => 0x7f80_0000,
            0x0400.. => (a << 13) + 0x3800_0000,
            _ => (a as f32 * f32::from_bits(0x3380_0000)).to_bits(),
        },
    )
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
    fn least(a: [f32; 8]) -> f32 {
        a.into_iter().fold(f32::INFINITY, f32::min)
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
    fn pairs(from: &[f32], index: [i32; 8]) -> [[f32; 8]; 2] {
        let first = |k: usize| (index[k] as u32 as usize).min(from.len() - 2);
        [each(|k| from[first(k)]), each(|k| from[first(k) + 1])]
    }
    #[inline(always)]
    fn ipairs(from: &[u32], index: [i32; 8]) -> [[i32; 8]; 2] {
        let first = |k: usize| (index[k] as u32 as usize).min(from.len() - 2);
        [each(|k| from[first(k)] as i32), each(|k| from[first(k) + 1] as i32)]
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
    fn from_halves(v: &[u16; 8]) -> [f32; 8] {
        each(|k| from_half(v[k]))
    }
    #[inline(always)]
    fn to_halves(a: [f32; 8], to: &mut [u16; 8]) {
        *to = each(|k| half(a[k]));
    }
    #[inline(always)]
    fn bytes(a: [i32; 8], to: &mut [u8; 8]) {
        *to = each(|k| a[k] as u8);
    }
    #[inline(always)]
    fn unzip(a: [f32; 8], b: [f32; 8]) -> [[f32; 8]; 2] {
        let of = |k: usize| if k < 4 { a[k * 2] } else { b[k * 2 - 8] };
        let odd = |k: usize| if k < 4 { a[k * 2 + 1] } else { b[k * 2 - 7] };
        [each(of), each(odd)]
    }
    #[inline(always)]
    fn zip(a: [f32; 8], b: [f32; 8]) -> [[f32; 8]; 2] {
        let of = |k: usize| if k.is_multiple_of(2) { a[k / 2] } else { b[k / 2] };
        [each(of), each(|k| of(k + 8))]
    }
    #[inline(always)]
    fn ahead<T>(_: &[T], _: usize) {}
    #[inline(always)]
    fn opaque(a: [i32; 8]) -> [i32; 8] {
        a
    }
    #[inline(never)]
    fn apart<P: Piece>(piece: P) -> P::Out {
        piece.run()
    }
}

#[cfg(test)]
mod tests {
    use super::{from_half, half};

    #[test]
    fn halves_are_nearest_and_come_back() {
        for h in 0..0x7c00u16 {
            let v = from_half(h);
            assert_eq!(half(v), h, "{v}");
            assert_eq!(half(-v), h | 0x8000, "-{v}");
            let next = from_half(h + 1);
            if next.is_finite() {
                let middle = f32::midpoint(v, next);
                assert_eq!(half(middle), h + h % 2, "a tie between {v} and {next} goes to the even one");
                assert_eq!(half(middle.next_down()), h);
                assert_eq!(half(middle.next_up()), h + 1);
            }
        }
        assert_eq!((half(65_519.0), half(65_520.0), half(1e9), half(0.0)), (0x7bff, 0x7c00, 0x7c00, 0));
        assert!(from_half(half(f32::NAN)).is_nan());
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn the_processor_makes_the_same_halves() {
        use crate::lanes::{F, Level, entry};
        fn kernel<S: crate::lanes::Simd>(from: &[f32; 8], to: &mut [u16; 8], back: &mut [f32; 8]) {
            F::<S>::load(from).to_halves(to, 0);
            F::<S>::from_halves(to, 0).to_slice(back, 0);
        }
        entry! { fn run(from: &[f32; 8], to: &mut [u16; 8], back: &mut [f32; 8]) = kernel }
        if Level::detect() != Level::Avx2 {
            return;
        }
        for k in (0..u32::MAX - 8 * 9973).step_by(8 * 9973) {
            let from: [f32; 8] = std::array::from_fn(|i| f32::from_bits(k + i as u32 * 9973));
            let (mut ours, mut theirs, mut back, mut back_too) = ([0; 8], [0; 8], [0.0; 8], [0.0; 8]);
            run(Level::Plain, &from, &mut ours, &mut back);
            run(Level::Avx2, &from, &mut theirs, &mut back_too);
            assert_eq!((ours, back.map(f32::to_bits)), (theirs, back_too.map(f32::to_bits)), "of {from:?}");
        }
    }
}
