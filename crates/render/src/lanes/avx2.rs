//! Eight lanes in AVX2 registers.
#![allow(unsafe_code, reason = "std::arch intrinsics; reached only through `entry!`, which runs after the CPU was asked for AVX2")]

use super::{Piece, Simd};
use std::arch::x86_64::*;

/// AVX2 registers.
#[derive(Clone, Copy)]
pub(crate) struct Avx2;

/// Eight pairs of neighbours: their first elements, and their second ones. There must be `len` elements, two or more.
#[inline(always)]
unsafe fn gathered_pairs(from: *const f32, len: usize, index: __m256i) -> [__m256; 2] {
    unsafe {
        let index = _mm256_min_epu32(index, _mm256_set1_epi32((len - 2) as i32));
        // A pair is read as one number of 64 bits: lanes 0 to 3, and 4 to 7.
        let low = _mm256_castpd_ps(_mm256_i32gather_pd::<4>(from.cast(), _mm256_castsi256_si128(index)));
        let high = _mm256_castpd_ps(_mm256_i32gather_pd::<4>(from.cast(), _mm256_extracti128_si256::<1>(index)));
        // (A closure would be compiled without AVX2.)
        let first = _mm256_castps_pd(_mm256_shuffle_ps::<0b10_00_10_00>(low, high));
        let second = _mm256_castps_pd(_mm256_shuffle_ps::<0b11_01_11_01>(low, high));
        [_mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(first)), _mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(second))]
    }
}

macro_rules! two {
    ($($name:ident($t:ident) = $intrinsic:ident;)*) => {$(
        #[inline(always)]
        fn $name(a: Self::$t, b: Self::$t) -> Self::$t {
            // SAFETY: AVX2 was detected.
            unsafe { $intrinsic(a, b) }
        }
    )*};
}

impl Simd for Avx2 {
    type F = __m256;
    type I = __m256i;
    type M = __m256;
    two! {
        add(F) = _mm256_add_ps;
        sub(F) = _mm256_sub_ps;
        mul(F) = _mm256_mul_ps;
        div(F) = _mm256_div_ps;
        min(F) = _mm256_min_ps;
        max(F) = _mm256_max_ps;
        mand(M) = _mm256_and_ps;
        mor(M) = _mm256_or_ps;
        iadd(I) = _mm256_add_epi32;
        isub(I) = _mm256_sub_epi32;
        imul(I) = _mm256_mullo_epi32;
        iand(I) = _mm256_and_si256;
        ior(I) = _mm256_or_si256;
        ixor(I) = _mm256_xor_si256;
        imin(I) = _mm256_min_epi32;
        imax(I) = _mm256_max_epi32;
    }
    #[inline(always)]
    fn splat(v: f32) -> __m256 {
        // SAFETY: AVX2 was detected; so in all that follow.
        unsafe { _mm256_set1_ps(v) }
    }
    #[inline(always)]
    fn load(v: &[f32; 8]) -> __m256 {
        unsafe { _mm256_loadu_ps(v.as_ptr()) }
    }
    #[inline(always)]
    fn store(a: __m256, to: &mut [f32; 8]) {
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), a) }
    }
    #[inline(always)]
    fn neg(a: __m256) -> __m256 {
        unsafe { _mm256_xor_ps(a, _mm256_set1_ps(-0.0)) }
    }
    #[inline(always)]
    fn abs(a: __m256) -> __m256 {
        unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) }
    }
    #[inline(always)]
    fn sqrt(a: __m256) -> __m256 {
        unsafe { _mm256_sqrt_ps(a) }
    }
    #[inline(always)]
    fn floor(a: __m256) -> __m256 {
        unsafe { _mm256_floor_ps(a) }
    }
    #[inline(always)]
    fn least(a: __m256) -> f32 {
        unsafe {
            let four = _mm_min_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
            let two = _mm_min_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_min_ss(two, _mm_movehdup_ps(two)))
        }
    }
    #[inline(always)]
    fn lt(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_LT_OQ>(a, b) }
    }
    #[inline(always)]
    fn le(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_cmp_ps::<_CMP_LE_OQ>(a, b) }
    }
    #[inline(always)]
    fn select(m: __m256, yes: __m256, no: __m256) -> __m256 {
        unsafe { _mm256_blendv_ps(no, yes, m) }
    }
    #[inline(always)]
    fn iselect(m: __m256, yes: __m256i, no: __m256i) -> __m256i {
        unsafe { _mm256_castps_si256(_mm256_blendv_ps(_mm256_castsi256_ps(no), _mm256_castsi256_ps(yes), m)) }
    }
    #[inline(always)]
    fn mnot(a: __m256) -> __m256 {
        unsafe { _mm256_xor_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(-1))) }
    }
    #[inline(always)]
    fn bits(a: __m256) -> u32 {
        unsafe { _mm256_movemask_ps(a) as u32 }
    }
    #[inline(always)]
    fn isplat(v: i32) -> __m256i {
        unsafe { _mm256_set1_epi32(v) }
    }
    #[inline(always)]
    fn iload(v: &[i32; 8]) -> __m256i {
        unsafe { _mm256_loadu_si256(v.as_ptr().cast()) }
    }
    #[inline(always)]
    fn istore(a: __m256i, to: &mut [i32; 8]) {
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), a) }
    }
    #[inline(always)]
    fn ishl(a: __m256i, n: i32) -> __m256i {
        unsafe { _mm256_sll_epi32(a, _mm_cvtsi32_si128(n)) }
    }
    #[inline(always)]
    fn ishr(a: __m256i, n: i32) -> __m256i {
        unsafe { _mm256_srl_epi32(a, _mm_cvtsi32_si128(n)) }
    }
    #[inline(always)]
    fn ieq(a: __m256i, b: __m256i) -> __m256 {
        unsafe { _mm256_castsi256_ps(_mm256_cmpeq_epi32(a, b)) }
    }
    #[inline(always)]
    fn truncate(a: __m256) -> __m256i {
        unsafe { _mm256_cvttps_epi32(a) }
    }
    #[inline(always)]
    fn to_float(a: __m256i) -> __m256 {
        unsafe { _mm256_cvtepi32_ps(a) }
    }
    #[inline(always)]
    fn from_bits(a: __m256i) -> __m256 {
        unsafe { _mm256_castsi256_ps(a) }
    }
    #[inline(always)]
    fn to_bits(a: __m256) -> __m256i {
        unsafe { _mm256_castps_si256(a) }
    }
    #[inline(always)]
    fn gather(from: &[f32], index: __m256i) -> __m256 {
        assert!(!from.is_empty(), "nothing to gather from");
        // SAFETY: every index is brought below the length first.
        unsafe {
            let last = _mm256_set1_epi32((from.len() - 1) as i32);
            _mm256_i32gather_ps::<4>(from.as_ptr(), _mm256_min_epu32(index, last))
        }
    }
    #[inline(always)]
    fn pairs(from: &[f32], index: __m256i) -> [__m256; 2] {
        assert!(from.len() > 1, "no pair to gather");
        // SAFETY: every index is brought below the last pair's first.
        unsafe { gathered_pairs(from.as_ptr(), from.len(), index) }
    }
    #[inline(always)]
    fn ipairs(from: &[u32], index: __m256i) -> [__m256i; 2] {
        assert!(from.len() > 1, "no pair to gather");
        // SAFETY: as above.
        unsafe {
            let [first, second] = gathered_pairs(from.as_ptr().cast(), from.len(), index);
            [_mm256_castps_si256(first), _mm256_castps_si256(second)]
        }
    }
    #[inline(always)]
    fn igather(from: &[u32], index: __m256i) -> __m256i {
        assert!(!from.is_empty(), "nothing to gather from");
        // SAFETY: every index is brought below the length first.
        unsafe {
            let last = _mm256_set1_epi32((from.len() - 1) as i32);
            _mm256_i32gather_epi32::<4>(from.as_ptr().cast(), _mm256_min_epu32(index, last))
        }
    }
    #[inline(always)]
    fn transpose(r: [__m256; 8]) -> [__m256; 8] {
        unsafe {
            let (a, b) = (_mm256_unpacklo_ps(r[0], r[1]), _mm256_unpackhi_ps(r[0], r[1]));
            let (c, d) = (_mm256_unpacklo_ps(r[2], r[3]), _mm256_unpackhi_ps(r[2], r[3]));
            let (e, f) = (_mm256_unpacklo_ps(r[4], r[5]), _mm256_unpackhi_ps(r[4], r[5]));
            let (g, h) = (_mm256_unpacklo_ps(r[6], r[7]), _mm256_unpackhi_ps(r[6], r[7]));
            let (s0, s1) = (_mm256_shuffle_ps::<0x44>(a, c), _mm256_shuffle_ps::<0xee>(a, c));
            let (s2, s3) = (_mm256_shuffle_ps::<0x44>(b, d), _mm256_shuffle_ps::<0xee>(b, d));
            let (s4, s5) = (_mm256_shuffle_ps::<0x44>(e, g), _mm256_shuffle_ps::<0xee>(e, g));
            let (s6, s7) = (_mm256_shuffle_ps::<0x44>(f, h), _mm256_shuffle_ps::<0xee>(f, h));
            [
                _mm256_permute2f128_ps::<0x20>(s0, s4),
                _mm256_permute2f128_ps::<0x20>(s1, s5),
                _mm256_permute2f128_ps::<0x20>(s2, s6),
                _mm256_permute2f128_ps::<0x20>(s3, s7),
                _mm256_permute2f128_ps::<0x31>(s0, s4),
                _mm256_permute2f128_ps::<0x31>(s1, s5),
                _mm256_permute2f128_ps::<0x31>(s2, s6),
                _mm256_permute2f128_ps::<0x31>(s3, s7),
            ]
        }
    }
    #[inline(always)]
    fn from_halves(v: &[u16; 8]) -> __m256 {
        unsafe { _mm256_cvtph_ps(_mm_loadu_si128(v.as_ptr().cast())) }
    }
    #[inline(always)]
    fn to_halves(a: __m256, to: &mut [u16; 8]) {
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(a)) }
    }
    #[inline(always)]
    fn bytes(a: __m256i, to: &mut [u8; 8]) {
        unsafe {
            let lowest =
                _mm256_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
            let four = _mm256_shuffle_epi8(a, lowest);
            let eight = _mm_unpacklo_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256::<1>(four));
            _mm_storel_epi64(to.as_mut_ptr().cast(), eight);
        }
    }
    #[inline(always)]
    fn unzip(a: __m256, b: __m256) -> [__m256; 2] {
        unsafe {
            let (even, odd) = (_mm256_shuffle_ps::<0x88>(a, b), _mm256_shuffle_ps::<0xdd>(a, b));
            let (even, odd) = (_mm256_permute4x64_pd::<0xd8>(_mm256_castps_pd(even)), _mm256_permute4x64_pd::<0xd8>(_mm256_castps_pd(odd)));
            [_mm256_castpd_ps(even), _mm256_castpd_ps(odd)]
        }
    }
    #[inline(always)]
    fn zip(a: __m256, b: __m256) -> [__m256; 2] {
        unsafe {
            let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            [_mm256_permute2f128_ps::<0x20>(low, high), _mm256_permute2f128_ps::<0x31>(low, high)]
        }
    }
    #[inline(always)]
    fn opaque(a: __m256i) -> __m256i {
        #[target_feature(enable = "avx2,f16c")]
        #[inline]
        fn barrier(mut a: __m256i) -> __m256i {
            // SAFETY: no instruction at all.
            unsafe {
                std::arch::asm!("/* {0} */", inout(ymm_reg) a, options(pure, nomem, nostack, preserves_flags));
            }
            a
        }
        unsafe { barrier(a) }
    }
    #[inline(always)]
    fn ahead<T>(of: &[T], at: usize) {
        if let Some(element) = of.get(at) {
            unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(element).cast()) }
        }
    }
    #[inline(always)]
    fn apart<P: Piece>(piece: P) -> P::Out {
        #[target_feature(enable = "avx2,f16c")]
        #[inline(never)]
        fn with_avx2<P: Piece>(piece: P) -> P::Out {
            piece.run()
        }
        unsafe { with_avx2(piece) }
    }
}
