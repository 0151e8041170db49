//! Pictures to H.264, one segment at a time: a closed group that begins with a key frame and needs nothing before it.
//!
//! Every segment has an encoder of its own, set the same way, so that parameter sets and bytes do not depend on which
//! thread encodes it or what was encoded before.

use crate::error::FilmError;
use kinora_base::FrameRate;
use kinora_base::picture::Yuv420;
use kinora_plan::Size;
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, EncodedBitStream, Encoder, EncoderConfig, FrameRate as EncoderRate, IntraFramePeriod, QpRange, RateControlMode, SpsPpsStrategy,
    UsageType, VuiConfig,
};
use openh264::formats::YUVSlices;

/// The quantiser of films with constant quality: about 44 dB on grainy moving pictures, more on clean ones.
const CONSTANT_QP: u8 = 20;

/// The quantisers that a film with a wished bitrate may use.
const BITRATE_QP: (u8, u8) = (14, 42);

/// How pictures are encoded; the same for every segment of a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VideoSettings {
    pub(crate) size: Size,
    pub(crate) fps: FrameRate,
    /// Bits a second; none = constant quality.
    pub(crate) bitrate: Option<u32>,
}

impl VideoSettings {
    /// Whether the encoder can make such pictures.
    pub(crate) fn check(&self) -> Result<(), FilmError> {
        let Size { width, height } = self.size;
        let (long, short) = (width.max(height), width.min(height));
        if width % 2 != 0 || height % 2 != 0 || short < 16 || long > 3840 || short > 2160 {
            return Err(FilmError::Size { width, height });
        }
        Ok(())
    }

    /// What a film of constant quality may take at most, more or less. It steers nothing but the level that the file
    /// claims, which players compare with what they can do.
    fn nominal_bitrate(&self) -> u32 {
        let pixels = u64::from(self.size.width) * u64::from(self.size.height) * u64::from(self.fps.0);
        (pixels * 3 / 10).clamp(500_000, 200_000_000) as u32
    }

    fn config(&self) -> EncoderConfig {
        let config = EncoderConfig::new()
            .skip_frames(false)
            .max_frame_rate(EncoderRate::from_hz(self.fps.0 as f32))
            .usage_type(UsageType::CameraVideoRealTime)
            .sps_pps_strategy(SpsPpsStrategy::ConstantId)
            .complexity(Complexity::Low)
            .intra_frame_period(IntraFramePeriod::from_num_frames(0))
            .scene_change_detect(false)
            .background_detection(false)
            .long_term_reference(false)
            .adaptive_quantization(false)
            .num_threads(1)
            .vui(VuiConfig::bt709());
        match self.bitrate {
            // Equal bounds pin the quantiser; the encoder's own "off" mode would ignore them.
            None => {
                config.rate_control_mode(RateControlMode::Quality).qp(QpRange::new(CONSTANT_QP, CONSTANT_QP)).bitrate(BitRate::from_bps(self.nominal_bitrate()))
            }
            Some(bits) => config.rate_control_mode(RateControlMode::Bitrate).qp(QpRange::new(BITRATE_QP.0, BITRATE_QP.1)).bitrate(BitRate::from_bps(bits)),
        }
    }
}

/// An encoded segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// Sequence parameter set, without start code.
    pub(crate) sps: Vec<u8>,
    /// Picture parameter set, without start code.
    pub(crate) pps: Vec<u8>,
    /// Bytes of each frame.
    pub(crate) sizes: Vec<u32>,
    /// The frames one after another, each unit with its length before it, as MP4 wants them.
    pub(crate) data: Vec<u8>,
}

/// Encodes one segment, a picture at a time.
pub(crate) struct SegmentEncoder {
    encoder: Encoder,
    settings: VideoSettings,
    first: i64,
    out: Encoded,
}

impl SegmentEncoder {
    /// An encoder for a segment whose first frame has this number.
    pub(crate) fn new(settings: VideoSettings, first: i64) -> Result<Self, FilmError> {
        let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), settings.config()).map_err(refused)?;
        silence(&mut encoder);
        Ok(Self { encoder, settings, first, out: Encoded::default() })
    }

    /// Encodes the next picture.
    pub(crate) fn push(&mut self, picture: &Yuv420) -> Result<(), FilmError> {
        let frame = self.first + self.out.sizes.len() as i64;
        let Size { width, height } = self.settings.size;
        let (w, h) = (width as usize, height as usize);
        let whole = picture.y.len() == w * h && picture.u.len() == w * h / 4 && picture.v.len() == w * h / 4;
        if (picture.width, picture.height) != (w, h) || !whole {
            return Err(FilmError::Picture { frame, got: format!("{}x{}", picture.width, picture.height), want: format!("{w}x{h}") });
        }
        let source = YUVSlices::new((&picture.y, &picture.u, &picture.v), (w, h), (w, w / 2, w / 2));
        let stream = self.encoder.encode(&source).map_err(refused)?;
        let before = self.out.data.len();
        collect(&mut self.out, &stream);
        let size = self.out.data.len() - before;
        if size == 0 {
            return Err(FilmError::Encoder { encoder: "H.264", message: format!("frame {frame} came out empty") });
        }
        self.out.sizes.push(size as u32);
        Ok(())
    }

    /// The segment.
    pub(crate) fn finish(self) -> Encoded {
        self.out
    }
}

/// Sorts the units of a frame: parameter sets aside, the rest with its length before it.
fn collect(out: &mut Encoded, stream: &EncodedBitStream<'_>) {
    let layers = (0..stream.num_layers()).filter_map(|i| stream.layer(i));
    for layer in layers {
        for unit in (0..layer.nal_count()).filter_map(|i| layer.nal_unit(i)) {
            let unit = without_start_code(unit);
            match unit.first().map(|b| b & 31) {
                Some(7) => out.sps = unit.to_vec(),
                Some(8) => out.pps = unit.to_vec(),
                Some(_) => {
                    out.data.extend_from_slice(&(unit.len() as u32).to_be_bytes());
                    out.data.extend_from_slice(unit);
                }
                None => {}
            }
        }
    }
}

/// Keeps the encoder from writing to the terminal: it warns, for every segment, that frames are not to be skipped.
/// The safe interface has a switch for that, but throws it after the warning.
#[allow(unsafe_code, reason = "the option is only reached through the raw interface")]
fn silence(encoder: &mut Encoder) {
    let mut level = openh264_sys2::WELS_LOG_QUIET;
    // SAFETY: the encoder lives, the option takes a pointer to an int, and it is read before the call returns.
    unsafe { encoder.raw_api().set_option(openh264_sys2::ENCODER_OPTION_TRACE_LEVEL, std::ptr::from_mut(&mut level).cast()) };
}

fn without_start_code(unit: &[u8]) -> &[u8] {
    unit.strip_prefix(&[0, 0, 0, 1]).or_else(|| unit.strip_prefix(&[0, 0, 1])).unwrap_or(unit)
}

fn refused(error: openh264::Error) -> FilmError {
    FilmError::Encoder { encoder: "H.264", message: error.to_string() }
}
