//! Memory in large pages. The buffers of a 4K frame are hundreds of megabytes and are read in tiles, row by row, each row
//! in another page: with pages of 4 KiB, a tenth of the time to draw a frame went into looking up where they are.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait, and the system is asked for large pages by a call")]

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which on Linux gets large pages for large blocks where there are any (`madvise` or `always` in
/// `/sys/kernel/mm/transparent_hugepage/enabled`). Programs name it as their `#[global_allocator]`; nothing else depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct LargePages;

/// A large page.
const PAGE: usize = 2 << 20;
/// Bytes from which on a block is large.
const LARGE: usize = 2 * PAGE;

fn large(size: usize) -> bool {
    cfg!(target_os = "linux") && size >= LARGE
}

/// The layout that the system is asked for.
fn asked(layout: Layout) -> Layout {
    if large(layout.size()) { layout.align_to(PAGE).unwrap_or(layout) } else { layout }
}

// SAFETY: every block comes from and goes back to the system's allocator with the layout of `asked`, which depends on the
// caller's layout alone and is at least as strict.
unsafe impl GlobalAlloc for LargePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let block = unsafe { System.alloc(asked(layout)) };
        if large(layout.size()) && !block.is_null() {
            advise(block, layout.size());
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, asked(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !large(layout.size()) {
            return unsafe { System.alloc_zeroed(layout) };
        }
        let block = unsafe { self.alloc(layout) };
        if !block.is_null() {
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !large(layout.size()) && !large(size) {
            return unsafe { System.realloc(block, layout, size) };
        }
        // The alignment is the caller's, and the size is not too large for it: the trait demands both.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            unsafe {
                std::ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        new
    }
}

/// Asks for large pages; a refusal costs nothing but time.
#[cfg(target_os = "linux")]
fn advise(block: *mut u8, bytes: usize) {
    unsafe extern "C" {
        fn madvise(start: *mut std::ffi::c_void, length: usize, advice: std::ffi::c_int) -> std::ffi::c_int;
    }
    const MADV_HUGEPAGE: std::ffi::c_int = 14;
    // SAFETY: a hint about a block that is ours; it begins at a page, and what the end shares with others loses nothing by it.
    unsafe { madvise(block.cast(), bytes, MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise(_: *mut u8, _: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_what_is_in_them() {
        let layout = |size| Layout::from_size_align(size, 8).expect("a layout");
        // Small to large, large to larger, and back again.
        let sizes = [1000, LARGE - 8, LARGE, 3 * LARGE + 40, LARGE, 512];
        unsafe {
            let mut block = LargePages.alloc_zeroed(layout(sizes[0]));
            block.write_bytes(7, 512);
            for two in sizes.windows(2) {
                block = LargePages.realloc(block, layout(two[0]), two[1]);
                assert!(!block.is_null() && (block as usize).is_multiple_of(8), "a block of {}", two[1]);
                assert!((0..512).all(|k| *block.add(k) == 7), "from {} to {} bytes", two[0], two[1]);
                block.add(two[1] - 1).write(1);
            }
            LargePages.dealloc(block, layout(sizes[5]));
            let zeros = LargePages.alloc_zeroed(layout(LARGE));
            assert!((0..LARGE).step_by(97).all(|k| *zeros.add(k) == 0), "zeroed");
            LargePages.dealloc(zeros, layout(LARGE));
        }
    }
}
