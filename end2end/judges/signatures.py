"""Receives deliveries of a running portal; the published library accepts each and refuses every tampering with it."""

import json
import os
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

API, TOKEN = os.environ["API_URL"], os.environ["TOKEN"]
arrived: list[tuple[dict[str, str], bytes]] = []
news = threading.Condition()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with news:
            # The very first is answered as by a receiver in trouble, so that it comes again.
            self.send_response(204 if arrived else 500)
            arrived.append(({name.lower(): value for name, value in self.headers.items()}, body))
            news.notify_all()
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def until(number: int) -> None:
    """Waits until so many have arrived."""
    with news:
        assert news.wait_for(lambda: len(arrived) >= number, 60), f"{len(arrived)} of {number} arrived"


def call(method: str, path: str, body: object = None) -> dict:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request) as response:
        return json.loads(response.read() or "null")


def accepts(judge: Webhook, headers: dict[str, str], body: bytes) -> bool:
    """The library refuses by whatever it raises."""
    try:
        return judge.verify(body, headers) == json.loads(body)
    except Exception:
        return False


def tamperings(judge: Webhook, headers: dict[str, str], body: bytes):
    """Every tampering, by its name."""
    identity, stamp = headers["webhook-id"], int(headers["webhook-timestamp"])
    first = headers["webhook-signature"].split(" ")[0]

    def of(**changed: str | None) -> dict[str, str]:
        changes = {f"webhook-{name}": value for name, value in changed.items()}
        return {name: value for name, value in (headers | changes).items() if value is not None}

    def aged(seconds: int) -> dict[str, str]:
        at = datetime.fromtimestamp(stamp, timezone.utc) + timedelta(seconds=seconds)
        return of(timestamp=str(stamp + seconds), signature=judge.sign(identity, at, body.decode()))

    yield "a longer body", headers, body + b" "
    for place in range(0, len(body), 7):
        yield f"another byte {place}", headers, body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    yield "no body", headers, b""
    yield "another id", of(id=identity + "0"), body
    yield "no id", of(id=None), body
    yield "another timestamp", of(timestamp=str(stamp - 1)), body
    yield "no timestamp", of(timestamp=None), body
    yield "signed long ago", aged(-600), body
    yield "signed in the future", aged(600), body
    yield "no signature", of(signature=None), body
    yield "an empty signature", of(signature=""), body
    yield "no signature at all", of(signature="garbage"), body
    yield "a garbled signature", of(signature=first[:5] + ("B" if first[5] != "B" else "C") + first[6:]), body
    yield "another version", of(signature=first.replace("v1,", "v2,")), body


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/python"
endpoint = call("POST", "/v1/webhooks", {"url": url, "event_types": ["*"]})
own = Webhook(endpoint["secret"])

# A change, refused at first and attempted by hand; then one event of each type that the document names.
call("POST", "/v1/clients", {"name": "Zoë & Søn", "reference_currency": "EUR"})
until(1)
listing = f"/v1/webhooks/{endpoint['id']}/deliveries"
while call("GET", listing)["data"][0]["attempts_made"] == 0:
    time.sleep(0.05)
call("POST", f"/v1/deliveries/{call('GET', listing)['data'][0]['id']}/replay", {})
until(2)
assert arrived[0][0]["webhook-id"] == arrived[1][0]["webhook-id"]
assert arrived[0][1] == arrived[1][1]
kinds = list(call("GET", "/v1/openapi.json")["webhooks"])
for kind in kinds:
    call("POST", "/sandbox/events", {"event_type": kind})
until(2 + len(kinds))

refused = 0
for headers, body in arrived:
    assert accepts(own, headers, body), (headers, body)
    for name, changed_headers, changed_body in tamperings(own, headers, body):
        assert not accepts(own, changed_headers, changed_body), name
        refused += 1

# While a secret is being changed, the old one and the new one fit; one that is neither never does.
other = call("POST", "/v1/webhooks", {"url": url, "event_types": ["extract.failed"]})
stranger = Webhook(other["secret"])
rotated = Webhook(call("POST", f"/v1/webhooks/{endpoint['id']}/rotate-secret", {})["secret"])
call("POST", "/sandbox/events", {"event_type": "client.created"})
until(3 + len(kinds))
headers, body = arrived[-1]
assert accepts(own, headers, body) and accepts(rotated, headers, body)
assert not any(accepts(stranger, *delivery) for delivery in arrived)
assert not any(accepts(rotated, *delivery) for delivery in arrived[:-1])
for made in (endpoint, other):
    call("DELETE", f"/v1/webhooks/{made['id']}")
print(f"python: accepted {len(arrived)} deliveries, refused {refused} tamperings")
