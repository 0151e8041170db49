//! Reading boxes. Nothing here trusts a length.

/// The body of the first box of a kind.
pub(super) fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    children(bytes).find(|c| &c.0 == kind).map(|c| c.1)
}

/// The boxes in a body.
pub(super) fn children(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = Cursor(bytes);
    std::iter::from_fn(move || {
        let size = rest.u32()? as usize;
        let kind: [u8; 4] = rest.take(4)?.try_into().ok()?;
        let body = match size {
            0 => rest.take(rest.0.len())?,
            1 => {
                let long = usize::try_from(rest.u64()?).ok()?;
                rest.take(long.checked_sub(16)?)?
            }
            n => rest.take(n.checked_sub(8)?)?,
        };
        Some((kind, body))
    })
}

/// Bytes that are read from the front; none when there are too few.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }
    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }
    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_be_bytes([b[0], b[1]]))
    }
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }
    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }
}
