"""The OpenAI SDK for Python: create and poll, content, list, remix, delete, errors."""
import json
import os

import openai

client = openai.OpenAI(base_url=os.environ["KINORA_BASE"] + "/v1")
small = {"extra_body": {"width": 96, "height": 64, "generate_sound": False}}
video = client.videos.create_and_poll(model="kinora", prompt="A red fox walks through a forest", seconds="1", **small)
assert video.status == "completed", video
assert video.progress == 100 and video.seconds == "1" and video.size == "96x64", video
film = client.videos.download_content(video.id).read()
assert film[4:8] == b"ftyp", film[:16]
sheet = client.videos.download_content(video.id, variant="spritesheet").read()
assert sheet[:4] == b"\x89PNG", sheet[:16]
remix = client.videos.remix(video.id, prompt="A dog walks through a forest")
assert remix.remixed_from_video_id == video.id, remix
remix = client.videos.poll(remix.id)
assert remix.status == "completed", remix
listed = [v.id for v in client.videos.list(limit=1)]
assert video.id in listed and remix.id in listed, listed
assert client.videos.delete(video.id).deleted
try:
    client.videos.retrieve(video.id)
    raise AssertionError("a deleted video is found")
except openai.NotFoundError:
    pass
try:
    client.videos.create(model="kinora", prompt="x", size="17x9")
    raise AssertionError("a wrong size is taken")
except openai.BadRequestError as error:
    assert error.body["param"] == "size", error.body
try:
    client.videos.create(model="kinora", prompt="A fox", input_reference=("a.png", b"\x89PNG", "image/png"))
    raise AssertionError("a picture is taken")
except openai.BadRequestError as error:
    assert error.body["code"] == "unsupported_input", error.body
try:
    openai.OpenAI(base_url=client.base_url, api_key="kin_wrong").videos.list()
    raise AssertionError("a wrong key is taken")
except openai.AuthenticationError:
    pass
print(json.dumps({"film": len(film), "warnings": getattr(video, "warnings", None)}))
