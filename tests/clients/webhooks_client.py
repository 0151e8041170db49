"""Callbacks verified by `standardwebhooks`, before and after the secret is changed; a body that was changed is refused."""
import http.server
import json
import os
import subprocess
import threading
import time

import openai
import standardwebhooks

heard = []


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        heard.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=listener.serve_forever, daemon=True).start()
client = openai.OpenAI(base_url=os.environ["KINORA_BASE"] + "/v1")


def told():
    """Orders a film and waits for what is told of it."""
    heard.clear()
    extra = {"width": 96, "height": 64, "generate_sound": False, "callback_url": f"http://127.0.0.1:{listener.server_port}/hook"}
    video = client.videos.create_and_poll(model="kinora", prompt="A red fox walks through a forest", seconds="1", extra_body=extra)
    until = time.time() + 20
    while len(heard) < 3 and time.time() < until:
        time.sleep(0.1)
    return video, list(heard)


def verified(secret, messages):
    hook = standardwebhooks.Webhook(secret)
    return [hook.verify(body, headers) for headers, body in messages]


before = os.environ["KINORA_HOOK"]
video, messages = told()
bodies = verified(before, messages)
assert [b["type"] for b in bodies] == ["video.queued", "video.in_progress", "video.completed"], bodies
assert all(b["data"]["id"] == video.id for b in bodies), bodies
assert len({h["webhook-id"] for h, _ in messages}) == 3, "an id for each message"
headers, body = messages[0]
for changed in (body.replace(b"queued", b"Queued"), body + b" "):
    try:
        standardwebhooks.Webhook(before).verify(changed, headers)
        raise AssertionError("a changed body is taken")
    except standardwebhooks.WebhookVerificationError:
        pass

# Both secrets sign for a week.
said = subprocess.run([os.environ["KINORA_PROGRAM"], "admin", "hook", "tester", "--rotate"], check=True, capture_output=True).stdout
after = json.loads(said)["webhook_secret"]
assert after != before
time.sleep(1.2)
_, messages = told()
assert len(verified(after, messages)) == len(verified(before, messages)) == 3
print("6 callbacks verified")
