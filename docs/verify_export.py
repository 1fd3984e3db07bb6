"""Checks exports of `afecto export --log` with nothing but Python's standard library: python3 verify_export.py FOLDER...
Every file, every event and the root of all of them (RFC 9162); the signature of the checkpoint is openssl's to check."""
import base64, datetime, hashlib, json, os, re, struct, sys

raw = lambda text: base64.b64decode(text, validate=True)
node = lambda left, right: hashlib.sha256(b"\x01" + left + right).digest()
COPIED = re.compile(rb'(?s)(.*)([,{])"recordedAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"}')

def instant(text):  # milliseconds since 1970
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000

def leaf(line, event):  # docs/auditing.md, Formats
    at = line.find(',"data":')  # quotes inside texts are escaped, so this one is the member's
    data = raw(event["data_base64"]) if "data_base64" in event else line[at + 8 : -1].encode()
    is_json = event["datacontenttype"] == "application/json"
    recorded = instant(event["afectorecorded"])
    encoded = event.get("afectometadata64")
    metadata = event["afectometadata"].encode() if encoded is None else raw(encoded)
    copied = COPIED.fullmatch(metadata) if is_json else None
    if copied and (copied[2] == b"," or copied[1] == b""):
        try:
            before = instant(copied[3].decode())
        except ValueError:  # a text that is no instant
            before = recorded + 1
        if 0 <= before <= recorded:
            metadata, recorded = copied[1] + (b"{}" if copied[2] == b"{" else b"}"), before
    parts = [event["afectostream"].encode(), event["type"].encode(), data, metadata]
    head = b"\x01" + event["id"].encode() + struct.pack(">qq?", recorded, int(event["afectorevision"]), is_json)
    return hashlib.sha256(b"\x00" + head + b"".join(struct.pack(">I", len(part)) + part for part in parts)).digest()

def root(leaves, first, last, absent):  # of leaves {index: hash}; `absent` gives subtrees in which there is none
    inside = [index for index in leaves if first <= index < last]
    if not inside:
        return next(absent)
    if last - first == 1:
        return leaves[first]
    middle = first + (1 << (last - first - 1).bit_length() - 1)
    kept = {index: leaves[index] for index in inside}
    left = root(kept, first, middle, absent)
    return node(left, root(kept, middle, last, absent))

def fault(folder):  # what is wrong; None: nothing
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as opened:
        manifest = json.load(opened)
    for file in manifest["files"]:
        with open(os.path.join(folder, file["name"]), "rb") as opened:
            if hashlib.sha256(opened.read()).hexdigest() != file["sha256"]:
                return file["name"] + " is not the file that the manifest names"
    leaves, events, last = {}, 0, -1
    with open(os.path.join(folder, "events.ndjson"), encoding="utf-8", newline="\n") as opened:
        for line in opened:
            event, events = json.loads(line), events + 1
            if event["type"].startswith("$") or event["afectostream"].startswith("$"):
                continue  # a server's own bookkeeping is no leaf
            hashed, index = leaf(line.rstrip("\n"), event), int(event["afectoindex"])
            if hashed != raw(event["afectoleaf"]):
                return f"line {events} has not the leaf that it names"
            if index <= last:
                return f"line {events} is out of order"
            leaves[index], last = hashed, index
    if events != manifest["events"]:
        return f"{events} events, and the manifest says {manifest['events']}"
    size, hashes = manifest["tree"]["size"], []
    if manifest["kind"] == "party":
        with open(os.path.join(folder, "proof.json"), encoding="utf-8") as opened:
            hashes = [raw(each) for each in json.load(opened)["hashes"]]
    elif sorted(leaves) != list(range(size)):
        return f"its leaves are not the first {size} of a tree"
    absent = iter(hashes)
    try:
        found = root(leaves, 0, size, absent) if size else hashlib.sha256().digest()
    except StopIteration:
        return "the proof has too few hashes"
    if found != raw(manifest["tree"]["root"]) or next(absent, None) is not None:
        return "the events do not give the root of the manifest"
    note = manifest["checkpoint"]
    signed = note and note.split("\n")[1:3]
    if not signed:
        return None
    if manifest["kind"] == "log":
        size, found = int(signed[0]), root(leaves, 0, int(signed[0]), absent)
    return None if signed == [str(size), base64.b64encode(found).decode()] else "the checkpoint is not of these events"

good = True
for name in sys.argv[1:]:
    wrong = fault(name)
    print(("holds  " if wrong is None else "FAILS  ") + name + ("" if wrong is None else ": " + wrong))
    good = good and wrong is None
sys.exit(0 if good and len(sys.argv) > 1 else 1)
