//! Eight numbers at a time, in two ways that give the same bits: AVX2, and plain arrays.
//!
//! A kernel is written once, generic over [`Simd`], with every helper `#[inline(always)]`, and instantiated by
//! [`entry!`] for both. Only IEEE-exact operations exist here (no fused multiply, no estimates), so the two agree
//! to the last bit; tests of the whole picture hold them to it.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
pub(crate) mod maths;
pub(crate) mod plain;

use glam::Vec3;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Shl, Shr, Sub};

/// Which implementation runs, settled once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Plain,
}

impl Level {
    /// The best that this machine has. Every processor with AVX2 also turns floats to halves, but it is asked.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("f16c") {
            return Self::Avx2;
        }
        Self::Plain
    }
}

/// Makes a function that runs a generic kernel at the level given as its first argument.
macro_rules! entry {
    ($(#[$meta:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $kernel:ident) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments, reason = "kernels take their planes one by one")]
        pub(crate) fn $name(level: $crate::lanes::Level, $($arg: $ty),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,f16c")]
                fn with_avx2($($arg: $ty),*) {
                    $kernel::<$crate::lanes::avx2::Avx2>($($arg),*);
                }
                if level == $crate::lanes::Level::Avx2 {
                    #[allow(unsafe_code, reason = "Level::Avx2 exists only after the CPU was asked for AVX2")]
                    return unsafe { with_avx2($($arg),*) };
                }
            }
            let _ = level;
            $kernel::<$crate::lanes::plain::Plain>($($arg),*);
        }
    };
}
pub(crate) use entry;

/// A piece of a kernel that is compiled by itself: code would grow beyond measure if everything were inlined.
pub(crate) trait Piece {
    type Out;
    fn run(self) -> Self::Out;
}

/// Makes a function of lanes that is called and not inlined, with the instructions of its level.
macro_rules! piece {
    ($(#[$meta:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $out:ty = $body:ident) => {
        $(#[$meta])*
        #[inline(always)]
        #[allow(clippy::too_many_arguments, clippy::extra_unused_lifetimes, reason = "the terms of one formula, some borrowed")]
        pub(crate) fn $name<'a, S: $crate::lanes::Simd>($($arg: $ty),*) -> $out {
            struct Call<'a, S: $crate::lanes::Simd> {
                $($arg: $ty,)*
                mark: std::marker::PhantomData<&'a S>,
            }
            impl<'a, S: $crate::lanes::Simd> $crate::lanes::Piece for Call<'a, S> {
                type Out = $out;
                #[inline(always)]
                fn run(self) -> $out {
                    $body::<S>($(self.$arg),*)
                }
            }
            S::apart(Call::<'a, S> { $($arg,)* mark: std::marker::PhantomData })
        }
    };
}
pub(crate) use piece;

/// Applies an expression to the three numbers of a vector. A closure would be compiled without its level's instructions.
macro_rules! map3 {
    ($v:expr, $c:ident => $body:expr) => {{
        let v = $v;
        V3 {
            x: {
                let $c = v.x;
                $body
            },
            y: {
                let $c = v.y;
                $body
            },
            z: {
                let $c = v.z;
                $body
            },
        }
    }};
}
pub(crate) use map3;

/// Raw operations on eight lanes.
pub(crate) trait Simd: Copy + 'static {
    type F: Copy;
    type I: Copy;
    type M: Copy;
    fn splat(v: f32) -> Self::F;
    fn load(v: &[f32; 8]) -> Self::F;
    fn store(a: Self::F, to: &mut [f32; 8]);
    fn add(a: Self::F, b: Self::F) -> Self::F;
    fn sub(a: Self::F, b: Self::F) -> Self::F;
    fn mul(a: Self::F, b: Self::F) -> Self::F;
    fn div(a: Self::F, b: Self::F) -> Self::F;
    fn neg(a: Self::F) -> Self::F;
    fn abs(a: Self::F) -> Self::F;
    fn sqrt(a: Self::F) -> Self::F;
    fn floor(a: Self::F) -> Self::F;
    /// `a < b ? a : b`, so the second if either is not a number.
    fn min(a: Self::F, b: Self::F) -> Self::F;
    /// `a > b ? a : b`.
    fn max(a: Self::F, b: Self::F) -> Self::F;
    /// The least of eight numbers (there must be no other than numbers).
    fn least(a: Self::F) -> f32;
    fn lt(a: Self::F, b: Self::F) -> Self::M;
    fn le(a: Self::F, b: Self::F) -> Self::M;
    fn select(m: Self::M, yes: Self::F, no: Self::F) -> Self::F;
    fn iselect(m: Self::M, yes: Self::I, no: Self::I) -> Self::I;
    fn mand(a: Self::M, b: Self::M) -> Self::M;
    fn mor(a: Self::M, b: Self::M) -> Self::M;
    fn mnot(a: Self::M) -> Self::M;
    fn bits(a: Self::M) -> u32;
    fn isplat(v: i32) -> Self::I;
    fn iload(v: &[i32; 8]) -> Self::I;
    fn istore(a: Self::I, to: &mut [i32; 8]);
    fn iadd(a: Self::I, b: Self::I) -> Self::I;
    fn isub(a: Self::I, b: Self::I) -> Self::I;
    fn imul(a: Self::I, b: Self::I) -> Self::I;
    fn iand(a: Self::I, b: Self::I) -> Self::I;
    fn ior(a: Self::I, b: Self::I) -> Self::I;
    fn ixor(a: Self::I, b: Self::I) -> Self::I;
    fn ishl(a: Self::I, n: i32) -> Self::I;
    fn ishr(a: Self::I, n: i32) -> Self::I;
    fn imin(a: Self::I, b: Self::I) -> Self::I;
    fn imax(a: Self::I, b: Self::I) -> Self::I;
    fn ieq(a: Self::I, b: Self::I) -> Self::M;
    /// Towards zero; out of range gives `i32::MIN`.
    fn truncate(a: Self::F) -> Self::I;
    fn to_float(a: Self::I) -> Self::F;
    fn from_bits(a: Self::I) -> Self::F;
    fn to_bits(a: Self::F) -> Self::I;
    /// `from[index]` with the index brought into range as an unsigned number.
    fn gather(from: &[f32], index: Self::I) -> Self::F;
    fn igather(from: &[u32], index: Self::I) -> Self::I;
    /// `from[index]` and `from[index + 1]`, the index brought into range; half the work of two gathers.
    fn pairs(from: &[f32], index: Self::I) -> [Self::F; 2];
    fn ipairs(from: &[u32], index: Self::I) -> [Self::I; 2];
    fn transpose(rows: [Self::F; 8]) -> [Self::F; 8];
    /// Eight halves (IEEE binary16).
    fn from_halves(v: &[u16; 8]) -> Self::F;
    /// To the nearest halves, ties to even.
    fn to_halves(a: Self::F, to: &mut [u16; 8]);
    /// The lowest byte of each lane.
    fn bytes(a: Self::I, to: &mut [u8; 8]);
    /// The even lanes of both, and the odd ones.
    fn unzip(a: Self::F, b: Self::F) -> [Self::F; 2];
    /// The lanes of both in turn: a0 b0 a1 b1 .. a7 b7.
    fn zip(a: Self::F, b: Self::F) -> [Self::F; 2];
    /// The same value, of which the compiler knows nothing: keeps load, blend and store from becoming a masked
    /// store, which is very slow on AMD.
    fn opaque(a: Self::I) -> Self::I;
    /// Fetches what will be read or written soon into the cache, if there is such an element; changes nothing.
    fn ahead<T>(of: &[T], at: usize);
    /// Runs a piece without inlining it.
    fn apart<P: Piece>(piece: P) -> P::Out;
}

/// Eight floats.
#[derive(Clone, Copy)]
pub(crate) struct F<S: Simd>(pub(crate) S::F);
/// Eight 32-bit integers.
#[derive(Clone, Copy)]
pub(crate) struct I<S: Simd>(pub(crate) S::I);
/// Eight truths.
#[derive(Clone, Copy)]
pub(crate) struct M<S: Simd>(pub(crate) S::M);

macro_rules! operator {
    ($type:ident, $trait:ident, $method:ident, $raw:ident) => {
        impl<S: Simd> $trait for $type<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(S::$raw(self.0, other.0))
            }
        }
    };
}
operator!(F, Add, add, add);
operator!(F, Sub, sub, sub);
operator!(F, Mul, mul, mul);
operator!(F, Div, div, div);
operator!(I, Add, add, iadd);
operator!(I, Sub, sub, isub);
operator!(I, Mul, mul, imul);
operator!(I, BitAnd, bitand, iand);
operator!(I, BitOr, bitor, ior);
operator!(I, BitXor, bitxor, ixor);
operator!(M, BitAnd, bitand, mand);
operator!(M, BitOr, bitor, mor);

macro_rules! with_scalar {
    ($trait:ident, $method:ident, $raw:ident) => {
        impl<S: Simd> $trait<f32> for F<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: f32) -> Self {
                Self(S::$raw(self.0, S::splat(other)))
            }
        }
        impl<S: Simd> $trait<F<S>> for f32 {
            type Output = F<S>;
            #[inline(always)]
            fn $method(self, other: F<S>) -> F<S> {
                F(S::$raw(S::splat(self), other.0))
            }
        }
    };
}
with_scalar!(Add, add, add);
with_scalar!(Sub, sub, sub);
with_scalar!(Mul, mul, mul);
with_scalar!(Div, div, div);

impl<S: Simd> Neg for F<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(S::neg(self.0))
    }
}
impl<S: Simd> Not for M<S> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(S::mnot(self.0))
    }
}
impl<S: Simd> Shl<i32> for I<S> {
    type Output = Self;
    #[inline(always)]
    fn shl(self, n: i32) -> Self {
        Self(S::ishl(self.0, n))
    }
}
impl<S: Simd> Shr<i32> for I<S> {
    type Output = Self;
    #[inline(always)]
    fn shr(self, n: i32) -> Self {
        Self(S::ishr(self.0, n))
    }
}

impl<S: Simd> F<S> {
    #[inline(always)]
    pub(crate) fn of(v: f32) -> Self {
        Self(S::splat(v))
    }
    #[inline(always)]
    pub(crate) fn load(v: &[f32; 8]) -> Self {
        Self(S::load(v))
    }
    /// The eight from `at` on; the slice must reach that far.
    #[inline(always)]
    pub(crate) fn from_slice(v: &[f32], at: usize) -> Self {
        let eight: &[f32; 8] = v[at..at + 8].try_into().expect("eight lanes");
        Self(S::load(eight))
    }
    #[inline(always)]
    pub(crate) fn to_slice(self, to: &mut [f32], at: usize) {
        let eight: &mut [f32; 8] = (&mut to[at..at + 8]).try_into().expect("eight lanes");
        S::store(self.0, eight);
    }
    /// The eight halves from `at` on; the slice must reach that far.
    #[inline(always)]
    pub(crate) fn from_halves(v: &[u16], at: usize) -> Self {
        let eight: &[u16; 8] = v[at..at + 8].try_into().expect("eight lanes");
        Self(S::from_halves(eight))
    }
    #[inline(always)]
    pub(crate) fn to_halves(self, to: &mut [u16], at: usize) {
        let eight: &mut [u16; 8] = (&mut to[at..at + 8]).try_into().expect("eight lanes");
        S::to_halves(self.0, eight);
    }
    #[inline(always)]
    pub(crate) fn array(self) -> [f32; 8] {
        let mut out = [0.0; 8];
        S::store(self.0, &mut out);
        out
    }
    /// 0, 1, 2 .. 7.
    #[inline(always)]
    pub(crate) fn ramp() -> Self {
        Self::load(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    }
    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self(S::abs(self.0))
    }
    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        Self(S::sqrt(self.0))
    }
    #[inline(always)]
    pub(crate) fn floor(self) -> Self {
        Self(S::floor(self.0))
    }
    #[inline(always)]
    pub(crate) fn min(self, o: Self) -> Self {
        Self(S::min(self.0, o.0))
    }
    #[inline(always)]
    pub(crate) fn max(self, o: Self) -> Self {
        Self(S::max(self.0, o.0))
    }
    #[inline(always)]
    pub(crate) fn at_least(self, v: f32) -> Self {
        self.max(Self::of(v))
    }
    #[inline(always)]
    pub(crate) fn at_most(self, v: f32) -> Self {
        self.min(Self::of(v))
    }
    #[inline(always)]
    pub(crate) fn clamp01(self) -> Self {
        self.at_least(0.0).at_most(1.0)
    }
    /// The least of eight numbers.
    #[inline(always)]
    pub(crate) fn least(self) -> f32 {
        S::least(self.0)
    }
    /// The greatest of eight numbers.
    #[inline(always)]
    pub(crate) fn greatest(self) -> f32 {
        -S::least(S::neg(self.0))
    }
    #[inline(always)]
    pub(crate) fn lt(self, o: Self) -> M<S> {
        M(S::lt(self.0, o.0))
    }
    #[inline(always)]
    pub(crate) fn le(self, o: Self) -> M<S> {
        M(S::le(self.0, o.0))
    }
    #[inline(always)]
    pub(crate) fn gt(self, o: Self) -> M<S> {
        M(S::lt(o.0, self.0))
    }
    #[inline(always)]
    pub(crate) fn above(self, v: f32) -> M<S> {
        self.gt(Self::of(v))
    }
    #[inline(always)]
    pub(crate) fn mix(self, o: Self, t: Self) -> Self {
        self + (o - self) * t
    }
    /// 0 below `a`, 1 above `b`.
    #[inline(always)]
    pub(crate) fn smooth(self, a: f32, b: f32) -> Self {
        let t = ((self - a) * (1.0 / (b - a))).clamp01();
        t * t * (3.0 - 2.0 * t)
    }
    #[inline(always)]
    pub(crate) fn truncate(self) -> I<S> {
        I(S::truncate(self.0))
    }
    #[inline(always)]
    pub(crate) fn squared(self) -> Self {
        self * self
    }
    #[inline(always)]
    pub(crate) fn gather(from: &[f32], index: I<S>) -> Self {
        Self(S::gather(from, index.0))
    }
    /// At an index and the next.
    #[inline(always)]
    pub(crate) fn pairs(from: &[f32], index: I<S>) -> [Self; 2] {
        let [a, b] = S::pairs(from, index.0);
        [Self(a), Self(b)]
    }
}

impl<S: Simd> I<S> {
    #[inline(always)]
    pub(crate) fn of(v: i32) -> Self {
        Self(S::isplat(v))
    }
    /// The eight from `at` on; the slice must reach that far.
    #[inline(always)]
    pub(crate) fn from_slice(v: &[u32], at: usize) -> Self {
        let eight: &[u32; 8] = v[at..at + 8].try_into().expect("eight lanes");
        let mut lanes = [0; 8];
        for (lane, v) in lanes.iter_mut().zip(eight) {
            *lane = *v as i32;
        }
        Self(S::iload(&lanes))
    }
    #[inline(always)]
    pub(crate) fn to_slice(self, to: &mut [u32], at: usize) {
        let lanes = self.array();
        for (to, lane) in to[at..at + 8].iter_mut().zip(lanes) {
            *to = lane as u32;
        }
    }
    #[inline(always)]
    pub(crate) fn array(self) -> [i32; 8] {
        let mut out = [0; 8];
        S::istore(self.0, &mut out);
        out
    }
    /// The lowest byte of each lane, to the eight from `at` on.
    #[inline(always)]
    pub(crate) fn to_bytes(self, to: &mut [u8], at: usize) {
        let eight: &mut [u8; 8] = (&mut to[at..at + 8]).try_into().expect("eight lanes");
        S::bytes(self.0, eight);
    }
    #[inline(always)]
    pub(crate) fn float(self) -> F<S> {
        F(S::to_float(self.0))
    }
    #[inline(always)]
    pub(crate) fn equals(self, o: Self) -> M<S> {
        M(S::ieq(self.0, o.0))
    }
    #[inline(always)]
    pub(crate) fn clamp(self, low: i32, high: i32) -> Self {
        Self(S::imin(S::imax(self.0, S::isplat(low)), S::isplat(high)))
    }
    #[inline(always)]
    pub(crate) fn gather(from: &[u32], index: I<S>) -> Self {
        Self(S::igather(from, index.0))
    }
    /// At an index and the next.
    #[inline(always)]
    pub(crate) fn pairs(from: &[u32], index: I<S>) -> [Self; 2] {
        let [a, b] = S::ipairs(from, index.0);
        [Self(a), Self(b)]
    }
}

impl<S: Simd> M<S> {
    #[inline(always)]
    pub(crate) fn select(self, yes: F<S>, no: F<S>) -> F<S> {
        F(S::select(self.0, yes.0, no.0))
    }
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        S::bits(self.0)
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.bits() != 0
    }
    #[inline(always)]
    pub(crate) fn all(self) -> bool {
        self.bits() == 255
    }
}

/// Eight vectors or colours.
#[derive(Clone, Copy)]
pub(crate) struct V3<S: Simd> {
    pub(crate) x: F<S>,
    pub(crate) y: F<S>,
    pub(crate) z: F<S>,
}

impl<S: Simd> V3<S> {
    #[inline(always)]
    pub(crate) fn new(x: F<S>, y: F<S>, z: F<S>) -> Self {
        Self { x, y, z }
    }
    #[inline(always)]
    pub(crate) fn of(v: Vec3) -> Self {
        Self::new(F::of(v.x), F::of(v.y), F::of(v.z))
    }
    #[inline(always)]
    pub(crate) fn same(v: F<S>) -> Self {
        Self::new(v, v, v)
    }
    #[inline(always)]
    pub(crate) fn dot(self, o: Self) -> F<S> {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    #[inline(always)]
    pub(crate) fn dot_with(self, o: Vec3) -> F<S> {
        self.x * o.x + self.y * o.y + self.z * o.z
    }
    #[inline(always)]
    pub(crate) fn length(self) -> F<S> {
        self.dot(self).sqrt()
    }
    /// Of length one; nothing stays nothing.
    #[inline(always)]
    pub(crate) fn unit(self) -> Self {
        self * (1.0 / self.dot(self).at_least(1e-24).sqrt())
    }
    #[inline(always)]
    pub(crate) fn mix(self, o: Self, t: F<S>) -> Self {
        Self::new(self.x.mix(o.x, t), self.y.mix(o.y, t), self.z.mix(o.z, t))
    }
    #[inline(always)]
    pub(crate) fn times(self, o: Vec3) -> Self {
        Self::new(self.x * o.x, self.y * o.y, self.z * o.z)
    }
    #[inline(always)]
    pub(crate) fn with(self, w: F<S>) -> [F<S>; 4] {
        [self.x, self.y, self.z, w]
    }
    #[inline(always)]
    pub(crate) fn most(self) -> F<S> {
        self.x.max(self.y).max(self.z)
    }
    #[inline(always)]
    pub(crate) fn clamp(self, low: f32, high: f32) -> Self {
        Self::new(self.x.at_least(low).at_most(high), self.y.at_least(low).at_most(high), self.z.at_least(low).at_most(high))
    }
}
impl<S: Simd> Add for V3<S> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}
impl<S: Simd> Sub for V3<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}
impl<S: Simd> Mul for V3<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self::new(self.x * o.x, self.y * o.y, self.z * o.z)
    }
}
impl<S: Simd> Mul<F<S>> for V3<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: F<S>) -> Self {
        Self::new(self.x * o, self.y * o, self.z * o)
    }
}
impl<S: Simd> Mul<f32> for V3<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: f32) -> Self {
        self * F::of(o)
    }
}
