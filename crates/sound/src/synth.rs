//! From a recipe's layers to samples. Every chance comes from the seed given, so a take can be made again.

use crate::dsp::{RATE, envelope, filter::Svf, samples, sine::Sine};
use crate::recipe::{Babble, Filter, Grains, Layer, Pulses, Repeat, Source, Swell, SwellKind, Tone};
use kinora_base::{Rng, Seed, maths};

/// Samples between two settings of what changes slowly.
const BLOCK: usize = 64;

/// No take of a short sound is longer, whatever its file says, s.
const LONGEST_TAKE: f32 = 30.0;

/// One take of a short sound: all layers with their envelopes.
pub(crate) fn take<'a>(layers: impl Iterator<Item = &'a Layer>, pitch: f32, seed: Seed) -> Vec<f32> {
    let mut out = Vec::new();
    for (i, layer) in layers.enumerate() {
        add_layer(&mut out, layer, pitch, seed.index(i as u64));
    }
    out
}

/// A sound without end, `length` samples of it.
pub(crate) fn lasting<'a>(layers: impl Iterator<Item = &'a Layer>, length: usize, pitch: f32, seed: Seed) -> Vec<f32> {
    let mut out = vec![0.0; length];
    for (i, layer) in layers.enumerate() {
        let mut sound = source(&layer.source, length, pitch, seed.index(i as u64));
        filtered(&mut sound, layer, pitch, seed.index(i as u64));
        let gain = maths::gain_from_decibels(layer.level) * unit_gain(&sound);
        out.iter_mut().zip(&sound).for_each(|(o, s)| *o += s * gain);
    }
    out
}

fn add_layer(out: &mut Vec<f32>, layer: &Layer, pitch: f32, seed: Seed) {
    let repeat = layer.repeat.clone().unwrap_or(Repeat { count: 1, gap: 0.0, shrink: 1.0, fade: 0.0, pitch: 1.0, jitter: 0.0 });
    let (mut at, mut gap, mut rng) = (layer.at, repeat.gap, seed.child("repeat").rng());
    let mut scale = 0.0;
    for k in 0..repeat.count.min(200) {
        let step = maths::pow(repeat.pitch, k as f32);
        let mut sound = blow(layer, pitch * step, seed.index(u64::from(k)));
        if k == 0 {
            scale = unit_gain(&sound);
        }
        let gain = scale * maths::gain_from_decibels(layer.level + repeat.fade * k as f32);
        sound.iter_mut().for_each(|s| *s *= gain);
        let start = samples(at.min(LONGEST_TAKE));
        if out.len() < start + sound.len() {
            out.resize(start + sound.len(), 0.0);
        }
        out[start..].iter_mut().zip(&sound).for_each(|(o, s)| *o += s);
        at += gap * (1.0 + repeat.jitter * rng.signed());
        gap *= repeat.shrink;
    }
}

/// A layer once.
fn blow(layer: &Layer, pitch: f32, seed: Seed) -> Vec<f32> {
    let length = samples((layer.attack + layer.hold + layer.decay).min(LONGEST_TAKE)).max(48);
    let mut sound = source(&layer.source, length, pitch, seed);
    filtered(&mut sound, layer, pitch, seed);
    envelope::shape(&mut sound, layer.attack, layer.hold, layer.decay);
    sound
}

/// The gain that brings a layer's strongest 10 ms to one, so that levels in files compare whatever the filters took away.
fn unit_gain(sound: &[f32]) -> f32 {
    let top = sound.chunks(480).map(|c| c.iter().map(|s| s * s).sum::<f32>() / c.len() as f32).fold(0.0, f32::max);
    1.0 / top.sqrt().max(1e-6)
}

fn source(source: &Source, length: usize, pitch: f32, seed: Seed) -> Vec<f32> {
    let mut rng = seed.rng();
    match source {
        Source::White => (0..length).map(|_| rng.signed()).collect(),
        Source::Pink => pink(length, &mut rng),
        Source::Brown => brown(length, &mut rng),
        Source::Modes(modes) => struck(modes, length, pitch, &mut rng),
        Source::Tone(tone) => sung(tone, length, pitch, &mut rng),
        Source::Grains(grains) => scattered(grains, length, pitch, &mut rng),
        Source::Bubbles(grains) => bubbling(grains, length, pitch, &mut rng),
        Source::Pulses(pulses) => pulsing(pulses, length, pitch, &mut rng),
        Source::Babble(babble) => babbling(babble, length, pitch, &mut rng),
    }
}

/// Kellet's economical pink filter.
fn pink(length: usize, rng: &mut Rng) -> Vec<f32> {
    let mut b = [0.0f32; 3];
    (0..length)
        .map(|_| {
            let w = rng.signed();
            b[0] = 0.997_65 * b[0] + w * 0.099_046;
            b[1] = 0.963 * b[1] + w * 0.296_516_4;
            b[2] = 0.57 * b[2] + w * 1.052_691_3;
            (b[0] + b[1] + b[2] + w * 0.1848) * 0.3
        })
        .collect()
}

fn brown(length: usize, rng: &mut Rng) -> Vec<f32> {
    let mut y = 0.0;
    (0..length)
        .map(|_| {
            y = 0.996 * y + rng.signed() * 0.06;
            y
        })
        .collect()
}

fn struck(modes: &[(f32, f32, f32)], length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let mut out = vec![0.0; length];
    for (hertz, decay, strength) in modes {
        let w = std::f32::consts::TAU * (hertz * pitch * (1.0 + 0.025 * rng.signed())).min(20_000.0) / RATE;
        let r = maths::exp(-6.9 / (decay.max(0.002) * RATE));
        let (c, rr) = (2.0 * r * maths::cos(w), r * r);
        let (mut y2, mut y1) = (0.0, maths::sin(w) * strength * rng.range(0.75, 1.25));
        for o in out.iter_mut().take(samples(decay * 1.3)) {
            *o += y1;
            (y2, y1) = (y1, c * y1 - rr * y2);
        }
    }
    out
}

fn sung(tone: &Tone, length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let sine = Sine::new();
    let factor = pitch * (1.0 + tone.spread * rng.signed());
    let wobble = rng.unit();
    let partials = partials(tone, factor);
    let total: f32 = partials.iter().map(|p| p.abs()).sum::<f32>().max(1e-3);
    let (mut phase, mut rough, mut hertz) = (0.0f32, 0.0, 440.0);
    (0..length)
        .map(|i| {
            let t = i as f32 / RATE;
            if i % 16 == 0 {
                rough = 0.9 * rough + 0.44 * rng.signed();
                hertz = curve(&tone.pitch, t) * factor * (1.0 + tone.vibrato.1 * sine.at(t * tone.vibrato.0 + wobble) + tone.rough * rough);
            }
            phase += hertz / RATE;
            phase -= phase.floor();
            let audible = |k: usize| hertz * (k + 1) as f32 <= 0.45 * RATE;
            partials.iter().enumerate().filter(|(k, p)| **p != 0.0 && audible(*k)).map(|(k, p)| p * sine.at(phase * (k + 1) as f32)).sum::<f32>() / total
        })
        .collect()
}

/// How high the partials of a throat go, Hz, and how many there are at most.
const THROAT: (f32, usize) = (9_000.0, 64);

fn partials(tone: &Tone, factor: f32) -> Vec<f32> {
    if tone.throat <= 0.0 {
        return tone.partials.clone();
    }
    let lowest = tone.pitch.iter().map(|p| p.1 * factor).fold(f32::MAX, f32::min).max(20.0);
    let count = ((THROAT.0 / lowest) as usize).clamp(1, THROAT.1);
    (1..=count).map(|k| maths::pow(k as f32, -tone.throat / 6.02)).collect()
}

/// A curve through points of time and value, flat outside them.
fn curve(points: &[(f32, f32)], t: f32) -> f32 {
    let Some(first) = points.first() else { return 440.0 };
    if t <= first.0 {
        return first.1;
    }
    for pair in points.windows(2) {
        if t <= pair[1].0 {
            return maths::mix(pair[0].1, pair[1].1, maths::smoothstep(pair[0].0, pair[1].0, t));
        }
    }
    points[points.len() - 1].1
}

/// Grains at random times, each a short ringing resonance.
fn scattered(grains: &Grains, length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let mut out = vec![0.0; length];
    for at in times(grains.rate, length, rng) {
        let hertz = grains.low * maths::pow(grains.high / grains.low, rng.unit()) * pitch;
        let strength = maths::pow(rng.unit(), 1.0 + 4.0 * grains.uneven) * if rng.unit() < 0.5 { -1.0 } else { 1.0 };
        let w = std::f32::consts::TAU * hertz.min(20_000.0) / RATE;
        let n = samples(grains.length * rng.range(0.5, 1.5)).max(8);
        let r = maths::exp(-6.9 / n as f32);
        let (c, rr) = (2.0 * r * maths::cos(w), r * r);
        let (mut y2, mut y1) = (0.0, maths::sin(w) * strength);
        for o in out.iter_mut().skip(at).take(n) {
            // A little noise in each grain keeps a dense crowd of them from singing.
            *o += y1;
            (y2, y1) = (y1, c * y1 - rr * y2);
        }
    }
    out
}

fn times(rate: f32, length: usize, rng: &mut Rng) -> Vec<usize> {
    let mut times = Vec::new();
    let mut t = 0.0f32;
    loop {
        let at = (t * RATE) as usize;
        if at >= length || times.len() > 400_000 {
            return times;
        }
        times.push(at);
        t += -maths::ln(1.0 - 0.999 * rng.unit()) / rate.max(0.1);
    }
}

/// Bubbles: sines that rise as they decay (Minnaert).
fn bubbling(grains: &Grains, length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let sine = Sine::new();
    let mut out = vec![0.0; length];
    for at in times(grains.rate, length, rng) {
        let hertz = grains.low * maths::pow(grains.high / grains.low, rng.unit()) * pitch;
        let strength = maths::pow(rng.unit(), 1.0 + 3.0 * grains.uneven);
        let n = samples(grains.length * rng.range(0.5, 1.5)).max(48);
        let rise = rng.range(0.1, 0.6);
        let fall = maths::exp(-6.9 / n as f32);
        let (mut phase, mut level) = (0.0f32, strength);
        for (i, o) in out.iter_mut().skip(at).take(n).enumerate() {
            let soft = (i as f32 / 40.0).min(1.0);
            *o += sine.at(phase) * level * soft;
            phase += hertz * (1.0 + rise * i as f32 / n as f32) / RATE;
            level *= fall;
        }
    }
    out
}

fn pulsing(pulses: &Pulses, length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        let rate = maths::mix(pulses.rate.0, pulses.rate.1, out.len() as f32 / length as f32) * pitch * (1.0 + pulses.jitter * rng.signed());
        let gap = ((RATE / rate.max(0.2)) as usize).max(4);
        let width = ((gap as f32 * pulses.width.clamp(0.02, 1.0)) as usize).max(2);
        let strength = 1.0 - 4.0 * pulses.jitter * rng.unit();
        for i in 0..gap {
            let t = i as f32 / width as f32;
            let body = if t < 1.0 { (1.0 - t) * (1.0 - t) - 0.33 } else { 0.0 };
            let fuzz = if t < 1.0 { rng.signed() * (1.0 - t) } else { 0.0 };
            out.push(strength * maths::mix(body, fuzz, pulses.noise));
        }
    }
    out.truncate(length);
    out
}

/// Talk: phrases of syllables, each a buzz through two resonances that no language has, with a breath before it.
fn babbling(babble: &Babble, length: usize, pitch: f32, rng: &mut Rng) -> Vec<f32> {
    let mut out = vec![0.0; length];
    for _ in 0..babble.voices.min(60) {
        let (low, high) = (babble.pitch.0.max(20.0), babble.pitch.1.max(20.0));
        let voice = low * maths::pow(high / low, rng.unit()) * pitch;
        // Smaller people have smaller mouths.
        let (mouth, loud) = (maths::pow(voice / 150.0, 0.3), rng.range(0.5, 1.0));
        let mut at = samples(rng.range(0.0, 1.0 + babble.pause));
        while at < length {
            for _ in 0..3 + rng.below(9) {
                let sounds = samples(rng.range(0.09, 0.23)).min(length.saturating_sub(at));
                syllable(&mut out[at..at + sounds], voice, mouth, loud, rng);
                at += (sounds as f32 * rng.range(0.8, 1.15)) as usize + 1;
                if at >= length {
                    break;
                }
            }
            at += samples(babble.pause * rng.range(0.3, 1.7));
        }
    }
    out
}

fn syllable(out: &mut [f32], voice: f32, mouth: f32, loud: f32, rng: &mut Rng) {
    let (mut first, mut second, mut breath) = (Svf::new(500.0, 5.0), Svf::new(1500.0, 6.0), Svf::new(3200.0, 1.0));
    first.tune(rng.range(300.0, 820.0) * mouth, 5.0);
    second.tune(rng.range(950.0, 2300.0) * mouth, 6.0);
    let (from, to) = (voice * rng.range(0.85, 1.25), voice * rng.range(0.8, 1.15));
    let (strength, hiss, whole) = (loud * rng.range(0.4, 1.0), rng.unit() * 0.3, out.len().max(1) as f32);
    let mut phase = rng.unit();
    for (i, o) in out.iter_mut().enumerate() {
        let share = i as f32 / whole;
        phase = (phase + maths::mix(from, to, share) / RATE).fract();
        let buzz = 1.0 - 2.0 * phase;
        let shape = maths::smoothstep(0.0, 0.2, share) * (1.0 - maths::smoothstep(0.55, 1.0, share));
        let consonant = breath.next(rng.signed()).band * hiss * (1.0 - maths::smoothstep(0.0, 0.3, share));
        *o += strength * ((first.next(buzz).band + 0.5 * second.next(buzz).band) * shape + consonant);
    }
}

/// Runs the filters over a layer; `pitch` moves them, a swell moves level and filters together.
fn filtered(sound: &mut [f32], layer: &Layer, pitch: f32, seed: Seed) {
    let swell = layer.swell.as_ref().map(|s| swelling(s, sound.len() / BLOCK + 2, seed.child("swell")));
    let blocks = (sound.len() / BLOCK).max(1) as f32;
    // Beds are tuned by swells alone; a bigger maker's body moves a filter by half of what it moves a tone.
    let shift = pitch.sqrt();
    for filter in &layer.filters {
        let moving = matches!(filter, Filter::Sweep(..) | Filter::Glide(..)) || layer.swell.as_ref().is_some_and(|s| s.octaves != 0.0);
        let mut svf = Svf::new(1000.0, 0.7);
        for (b, block) in sound.chunks_mut(BLOCK).enumerate() {
            if b == 0 || moving {
                let octaves = swell.as_ref().map_or(0.0, |s| (s[b] - 1.0) * layer.swell.as_ref().map_or(0.0, |w| w.octaves));
                let bend = shift * if octaves == 0.0 { 1.0 } else { maths::exp2(octaves) };
                tune(&mut svf, filter, b as f32 / blocks, bend);
            }
            run(&mut svf, filter, block);
        }
    }
    if let (Some(curve), Some(swell)) = (swell, &layer.swell) {
        let gains: Vec<f32> = curve.iter().map(|v| maths::gain_from_decibels((v - 1.0) * swell.depth)).collect();
        for (b, block) in sound.chunks_mut(BLOCK).enumerate() {
            for (i, s) in block.iter_mut().enumerate() {
                *s *= maths::mix(gains[b], gains[b + 1], i as f32 / BLOCK as f32);
            }
        }
    }
}

fn tune(svf: &mut Svf, filter: &Filter, life: f32, bend: f32) {
    match filter {
        Filter::Low(f) | Filter::High(f) => svf.tune(f * bend, 0.707),
        Filter::Band(f, q) | Filter::Peak(f, q, _) => svf.tune(f * bend, *q),
        Filter::Sweep(from, to, q) => svf.tune(from * maths::pow(to / from, life) * bend, *q),
        Filter::Glide(points, q, _) => svf.tune(curve(points, life) * bend, *q),
    }
}

fn run(svf: &mut Svf, filter: &Filter, block: &mut [f32]) {
    match filter {
        Filter::Low(_) => block.iter_mut().for_each(|s| *s = svf.next(*s).low),
        Filter::High(_) => block.iter_mut().for_each(|s| *s = svf.next(*s).high),
        Filter::Band(..) | Filter::Sweep(..) => block.iter_mut().for_each(|s| *s = svf.next(*s).band),
        Filter::Peak(_, _, gain) | Filter::Glide(_, _, gain) => block.iter_mut().for_each(|s| *s += svf.next(*s).band * gain),
    }
}

/// A swell's curve from 0 (quiet) to 1 (loud), one value a block.
fn swelling(swell: &Swell, blocks: usize, seed: Seed) -> Vec<f32> {
    let mut rng = seed.rng();
    let start = rng.unit();
    let step = BLOCK as f32 / RATE / swell.period.max(0.02);
    let sine = Sine::new();
    let (mut from, mut to, mut t, mut pace) = (rng.unit(), rng.unit(), start, 1.0);
    (0..blocks)
        .map(|_| {
            t += step * pace;
            if t >= 1.0 {
                t -= 1.0;
                (from, to) = (to, rng.unit());
                pace = rng.range(0.8, 1.25);
            }
            match swell.kind {
                SwellKind::Gusts => maths::mix(from, to, maths::smoothstep(0.0, 1.0, t)),
                SwellKind::Sine => 0.5 + 0.5 * sine.at(t),
                SwellKind::Waves => maths::smoothstep(0.0, 0.35, t) * (1.0 - maths::smoothstep(0.35, 1.0, t)) * (0.7 + 0.3 * to),
            }
        })
        .collect()
}
