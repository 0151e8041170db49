#!/usr/bin/env python3
"""Measures how well spoken lines are understood by an independent recogniser. A development tool.

    python3 tests/speech/measure.py WHISPER SOUNDS LANGUAGE LINES.tsv

WHISPER   a folder with a Whisper model for faster-whisper
SOUNDS    a folder with 01.wav, 02.wav ... one for each line of LINES.tsv, or a film in which they are spoken in that
          order: it is cut by the subtitles beside it, with 0.15 s around each line
Prints the word error rate (en, es) or character error rate (zh, ko; ja on readings) of each line and of all.
Needs from PyPI: faster-whisper, num2words, zhconv, pyopenjtalk-plus.
"""
import re
import sys
import unicodedata
from pathlib import Path


def words_of_numbers(text, language):
    from num2words import num2words

    def clock(m):
        return f"{m[1]} {m[2]}" if int(m[2]) else m[1]

    text = re.sub(r"(\d{1,2})[:.](\d\d)\b", clock, text)
    text = re.sub(r"\$(\d+) (\d\d)", r"\1 dollars and \2 cents", text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text)
    text = re.sub(r"(?<=\d)[.,](?=\d{3})", "", text)
    return re.sub(r"\d+", lambda m: " " + num2words(int(m[0]), lang=language) + " ", text)


def normal(text, language):
    text = unicodedata.normalize("NFKC", text).lower()
    if language == "zh":
        import zhconv
        from num2words import num2words  # noqa: F401

        text = zhconv.convert(text, "zh-cn")
        digits = "零一二三四五六七八九"

        def number(m):
            n = int(m[0])
            if n < 10:
                return digits[n]
            if n < 100:
                return (digits[n // 10] if n >= 20 else "") + "十" + (digits[n % 10] if n % 10 else "")
            if n < 1000:
                rest = n % 100
                return digits[n // 100] + "百" + (("零" if rest < 10 else digits[rest // 10] + "十") + (digits[rest % 10] if rest % 10 else "") if rest else "")
            return "".join(digits[int(c)] for c in m[0])

        text = re.sub(r"\d+", number, text.replace("5:30", "五点半").replace("5点半", "五点半"))
    if language == "ja":
        import pyopenjtalk

        text = pyopenjtalk.g2p(text, kana=True)
        text = text.replace("ヲ", "オ").replace("’", "")
    if language in ("en", "es"):
        text = words_of_numbers(text, language).replace("-", " ").replace("'", "")
        if language == "es":
            text = text.replace("dr.", "doctor").replace("y media", "treinta")
        else:
            text = text.replace("dr.", "doctor").replace("thirty pm", "thirty").replace("oclock", "")
    if language == "ko":
        for a, b in (("다섯 시", "5시"), ("한 잔", "1잔"), ("삼십 분", "30분"), ("이십 분", "20분")):
            text = text.replace(a, b)
    keep = [c if unicodedata.category(c)[0] in "LNM" else " " for c in text]
    return "".join(keep).split() if language in ("en", "es") else list("".join(keep).replace(" ", ""))


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def sounds_of(path, count):
    """Each line's sound: a path, or samples at 16 kHz; none where there is no file."""
    if path.is_dir():
        files = [path / f"{i:02}.wav" for i in range(1, count + 1)]
        return [str(f) if f.exists() else None for f in files]
    from faster_whisper import decode_audio

    film = decode_audio(str(path), sampling_rate=16000)
    seconds = lambda t: sum(float(x) * f for x, f in zip(t.replace(",", ".").split(":"), (3600, 60, 1)))
    times = re.findall(r"([\d:,]+) --> ([\d:,]+)", path.with_suffix(".srt").read_text(encoding="utf-8"))
    if len(times) != count:
        sys.exit(f"{path}: {len(times)} subtitles for {count} lines")
    return [film[max(0, int((seconds(a) - 0.15) * 16000)) : int((seconds(b) + 0.15) * 16000)] for a, b in times]


def main():
    whisper, sounds, language, lines = sys.argv[1:5]
    from faster_whisper import WhisperModel

    model = WhisperModel(whisper, device="cpu", compute_type="int8", cpu_threads=1)
    wrong = whole = 0
    texts = Path(lines).read_text(encoding="utf-8").splitlines()
    for i, (text, sound) in enumerate(zip(texts, sounds_of(Path(sounds), len(texts))), 1):
        if sound is None:
            continue
        prompt = "以下是普通话的句子。" if language == "zh" else None
        segments, _ = model.transcribe(sound, language=language, beam_size=5, initial_prompt=prompt, condition_on_previous_text=False, temperature=0.0)
        heard = "".join(s.text for s in segments).strip()
        a, b = normal(text, language), normal(heard, language)
        d = distance(a, b)
        wrong, whole = wrong + d, whole + len(a)
        print(f"{i:02} {d}/{len(a)}" + (f"  {text}  ->  {heard}" if d else ""))
    print(f"{language}: {100 * wrong / max(whole, 1):.1f} % ({wrong} of {whole})")


main()
