//! Writing boxes: a length, four letters, a body.

/// A box under construction, or a run of them.
pub(super) type Bytes = Vec<u8>;

/// Appends a box with the body that `fill` writes.
pub(super) fn put(out: &mut Bytes, kind: &[u8; 4], fill: impl FnOnce(&mut Bytes)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(kind);
    fill(out);
    let size = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&size.to_be_bytes());
}

/// Appends a box with a version (0) and flags before its body.
pub(super) fn put_full(out: &mut Bytes, kind: &[u8; 4], flags: u32, fill: impl FnOnce(&mut Bytes)) {
    put(out, kind, |b| {
        b.u32(flags);
        fill(b);
    });
}

/// Numbers in network order.
pub(super) trait Numbers {
    fn u8(&mut self, n: u8);
    fn u16(&mut self, n: u16);
    fn u32(&mut self, n: u32);
    fn u64(&mut self, n: u64);
    fn all(&mut self, bytes: &[u8]);
    fn zeros(&mut self, count: usize);
}

impl Numbers for Bytes {
    fn u8(&mut self, n: u8) {
        self.push(n);
    }
    fn u16(&mut self, n: u16) {
        self.extend_from_slice(&n.to_be_bytes());
    }
    fn u32(&mut self, n: u32) {
        self.extend_from_slice(&n.to_be_bytes());
    }
    fn u64(&mut self, n: u64) {
        self.extend_from_slice(&n.to_be_bytes());
    }
    fn all(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
    fn zeros(&mut self, count: usize) {
        self.resize(self.len() + count, 0);
    }
}
