"""Reads what Kinora exports with the readers of others: pip install pygltflib opentimelineio OpenEXR numpy

    kinora make A.plan.json -o A.mp4 --passes DIR
    kinora export A.plan.json --gltf A.glb --otio A.otio --edl A.edl
    python3 check.py A.plan.json A.glb A.otio DIR
"""
import json
import sys

import numpy as np
import OpenEXR
import opentimelineio as otio
import pygltflib

plan_file, glb, timeline, passes = sys.argv[1:5]
plan = json.load(open(plan_file, encoding="utf-8"))

# glTF: a scene a scene of the plan, a camera a shot, joints within the skeleton, times that rise.
g = pygltflib.GLTF2().load(glb)
blob = g.binary_blob()
assert {s.name for s in g.scenes} <= {s["id"] for s in plan["scenes"]}, "scenes"
assert len(g.cameras) == len(plan["shots"]), f"{len(g.cameras)} cameras for {len(plan['shots'])} shots"


def floats(index):
    a = g.accessors[index]
    v = g.bufferViews[a.bufferView]
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}[a.type]
    return np.frombuffer(blob, "<f4", a.count * width, v.byteOffset + (a.byteOffset or 0)).reshape(a.count, width)


for animation in g.animations:
    for sampler in animation.samplers:
        times, values = floats(sampler.input), floats(sampler.output)
        assert (np.diff(times[:, 0]) > 0).all(), "times rise"
        assert len(values) % len(times) == 0 and np.isfinite(values).all(), "a value a time"
for skin in g.skins:
    assert floats(skin.inverseBindMatrices).shape == (len(skin.joints), 16), "a matrix a joint"

# OpenTimelineIO: clips that follow each other.
t = otio.adapters.read_from_file(timeline)
clips = list(t.tracks[0])
assert [c.metadata["kinora"]["shot"] for c in clips] == [s["id"] for s in plan["shots"]], "shots in order"
at = 0
for clip in clips:
    assert clip.source_range.start_time.value == at, "no hole"
    at += clip.source_range.duration.value

# Passes: unit normals, ids that the index names, depth where there is something.
index = json.load(open(f"{passes}/passes.json", encoding="utf-8"))
assert index["frames"] == at, f"{index['frames']} frames of passes, {at} of the edit"
known = {0} | {i["number"] for i in index["ids"]}
for frame in range(0, index["frames"], max(1, index["frames"] // 5)):
    c = {k: v.pixels for k, v in OpenEXR.File(f"{passes}/{frame:06}.exr", separate_channels=True).channels().items()}
    seen = np.isfinite(c["Z"])
    for name in ("normal", "normalCamera"):
        length = sum(c[f"{name}.{k}"].astype(float) ** 2 for k in "XYZ") ** 0.5
        assert abs(length[seen] - 1).max() < 0.01, f"{name} has unit length"
    assert (c["material"][~seen] == 0).all() and (c["material"][seen] > 0).all(), "what is seen is of something"
    assert set(np.unique(c["id"])) <= known, "ids are in the index"
    facing = (c["normalCamera.Z"][seen] > -0.3).mean()
    assert facing > 0.98, f"surfaces face the camera: {facing} of frame {frame}"
    people = json.load(open(f"{passes}/{frame:06}.pose.json", encoding="utf-8"))["people"]
    for person in people:
        points = np.array(person["pose_keypoints_2d"]).reshape(25, 3)
        ids = {int(c["id"][int(y), int(x)]) for x, y, conf in points if conf == 1}
        assert not ids or person["person_id"][0] in ids, "points lie on the body"
print(f"{len(g.nodes)} nodes, {len(g.skins)} skins, {len(clips)} clips, {index['frames']} frames: all as it should be")
