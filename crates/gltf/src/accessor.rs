//! Numbers out of buffers: accessors of any component type, normalised or not, strided or sparse, with every bound checked.

use crate::container::Container;
use crate::json::{Accessor, View};
use crate::{FigureError, MOST_TRIANGLES};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most elements of an accessor: corners of the most triangles.
const MOST: usize = 3 * MOST_TRIANGLES;

/// A file with all of its buffers.
pub(crate) struct Data<'a> {
    pub(crate) container: &'a Container<'a>,
    buffers: Vec<Cow<'a, [u8]>>,
}

/// One element after the other in a buffer.
struct Run<'b> {
    bytes: &'b [u8],
    stride: usize,
    component: u32,
}

impl<'a> Data<'a> {
    pub(crate) fn new(container: &'a Container<'a>, files: &'a BTreeMap<String, Vec<u8>>) -> Result<Self, FigureError> {
        let buffers = (0..container.root.buffers.len()).map(|k| container.buffer(k, files)).collect::<Result<_, _>>()?;
        Ok(Self { container, buffers })
    }

    /// The bytes of a buffer view.
    pub(crate) fn view(&self, k: usize, place: &str) -> Result<(&View, &[u8]), FigureError> {
        let wrong = |what: &str| FigureError::at(format!("{place}: bufferViews[{k}]"), format!("{what}; export it again"));
        let view = self.container.root.buffer_views.get(k).ok_or_else(|| wrong("there is no such view"))?;
        if view.extensions.keys().any(|e| e.ends_with("meshopt_compression")) {
            return Err(FigureError::Extension { name: "EXT_meshopt_compression".into(), hint: "export it without meshopt compression" });
        }
        let buffer = self.buffers.get(view.buffer).ok_or_else(|| wrong("its buffer does not exist"))?;
        let end = view.byte_offset.checked_add(view.byte_length).ok_or_else(|| wrong("it ends beyond its buffer"))?;
        Ok((view, buffer.get(view.byte_offset..end).ok_or_else(|| wrong("it ends beyond its buffer"))?))
    }

    /// The elements of an accessor as numbers, `N` each, of one of these types.
    pub(crate) fn numbers<const N: usize>(&self, k: usize, kinds: &[&str], place: &str) -> Result<Vec<[f32; N]>, FigureError> {
        let place = format!("{place}: accessors[{k}]");
        let accessor = self.accessor(k, kinds, &place)?;
        let width = components(&accessor.kind);
        let scale = scale(accessor.component_type, accessor.normalized, &place)?;
        let read = |run: &Run<'_>, i: usize| -> [f32; N] {
            std::array::from_fn(|c| match c < width {
                // The least whole number would be a little below -1.
                true if scale < 1.0 => (component(run, i, c) as f32 * scale).max(-1.0),
                true => component(run, i, c) as f32,
                false => 1.0,
            })
        };
        let mut all = match accessor.buffer_view {
            Some(view) => {
                let run = self.run(view, accessor.byte_offset, accessor.component_type, (width, accessor.count), &place)?;
                (0..accessor.count).map(|i| read(&run, i)).collect()
            }
            None if accessor.sparse.is_none() => {
                return Err(FigureError::at(place, "it has no data; export it without compression"));
            }
            None => vec![[0.0; N]; accessor.count],
        };
        if let Some(sparse) = &accessor.sparse {
            let whole = self.run(sparse.indices.buffer_view, sparse.indices.byte_offset, sparse.indices.component_type, (1, sparse.count), &place)?;
            let values = self.run(sparse.values.buffer_view, sparse.values.byte_offset, accessor.component_type, (width, sparse.count), &place)?;
            for i in 0..sparse.count {
                let at = component(&whole, i, 0) as usize;
                *all.get_mut(at).ok_or_else(|| FigureError::at(place.clone(), format!("sparse index {at} of {}", accessor.count)))? = read(&values, i);
            }
        }
        match all.iter().position(|v| v.iter().any(|x| !x.is_finite() || x.abs() > 1e7)) {
            Some(i) => Err(FigureError::at(place, format!("element {i} is no finite number below 10 million; export it again"))),
            None => Ok(all),
        }
    }

    /// The elements of an accessor as whole numbers.
    pub(crate) fn whole<const N: usize>(&self, k: usize, kinds: &[&str], place: &str) -> Result<Vec<[u32; N]>, FigureError> {
        let place = format!("{place}: accessors[{k}]");
        let accessor = self.accessor(k, kinds, &place)?;
        if !matches!(accessor.component_type, 5121 | 5123 | 5125) {
            return Err(FigureError::at(place, format!("component type {} where whole numbers should be; export it again", accessor.component_type)));
        }
        let view = accessor.buffer_view.ok_or_else(|| FigureError::at(place.clone(), "it has no data; export it without compression"))?;
        let run = self.run(view, accessor.byte_offset, accessor.component_type, (N, accessor.count), &place)?;
        Ok((0..accessor.count).map(|i| std::array::from_fn(|c| component(&run, i, c) as u32)).collect())
    }

    fn accessor(&self, k: usize, kinds: &[&str], place: &str) -> Result<&Accessor, FigureError> {
        let accessor = self.container.root.accessors.get(k).ok_or_else(|| FigureError::at(place, "there is no such accessor; export it again"))?;
        if !kinds.contains(&accessor.kind.as_str()) {
            let what = format!("type \"{}\" where {} should be; export it again", crate::container::clipped(&accessor.kind), kinds.join(" or "));
            return Err(FigureError::at(place, what));
        }
        if accessor.count > MOST {
            return Err(FigureError::Large { what: format!("{place}: {} elements", accessor.count), most: MOST, hint: "export a simpler character" });
        }
        Ok(accessor)
    }

    fn run(&self, view: usize, offset: usize, component: u32, (width, count): (usize, usize), place: &str) -> Result<Run<'_>, FigureError> {
        let (view, bytes) = self.view(view, place)?;
        let size = size(component).ok_or_else(|| FigureError::at(place, format!("component type {component} does not exist; export it again")))? * width;
        let stride = view.byte_stride.unwrap_or(size);
        if stride < size || stride > 4096 {
            return Err(FigureError::at(place, format!("elements of {size} bytes lie {stride} bytes apart; export it again")));
        }
        let needed = count.checked_sub(1).map_or(Some(0), |n| n.checked_mul(stride)?.checked_add(size)?.checked_add(offset));
        match needed {
            Some(needed) if needed <= bytes.len() => Ok(Run { bytes: bytes.get(offset..).unwrap_or(&[]), stride, component }),
            _ => Err(FigureError::at(place, format!("{count} elements do not fit into the {} bytes of its view; export it again", bytes.len()))),
        }
    }
}

/// One component; [`Data::run`] has seen that it is there.
fn component(run: &Run<'_>, element: usize, k: usize) -> f64 {
    let size = size(run.component).unwrap_or(1);
    let at = element * run.stride + k * size;
    let Some(b) = run.bytes.get(at..at + size) else { return 0.0 };
    match run.component {
        5120 => f64::from(b[0] as i8),
        5121 => f64::from(b[0]),
        5122 => f64::from(i16::from_le_bytes([b[0], b[1]])),
        5123 => f64::from(u16::from_le_bytes([b[0], b[1]])),
        5125 => f64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        _ => f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
    }
}

/// Bytes of a component.
fn size(component: u32) -> Option<usize> {
    match component {
        5120 | 5121 => Some(1),
        5122 | 5123 => Some(2),
        5125 | 5126 => Some(4),
        _ => None,
    }
}

/// What a normalised whole number is multiplied with.
fn scale(component: u32, normalized: bool, place: &str) -> Result<f32, FigureError> {
    match (component, normalized) {
        (5120, true) => Ok(1.0 / 127.0),
        (5121, true) => Ok(1.0 / 255.0),
        (5122, true) => Ok(1.0 / 32767.0),
        (5123, true) => Ok(1.0 / 65535.0),
        (5120..=5123 | 5125 | 5126, _) => Ok(1.0),
        _ => Err(FigureError::at(place, format!("component type {component} does not exist; export it again"))),
    }
}

fn components(kind: &str) -> usize {
    match kind {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "MAT4" => 16,
        _ => 4,
    }
}
