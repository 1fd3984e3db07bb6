"""Checks a proof of `afecto proof` with nothing but Python's standard library: python3 verify_proof.py FILE...
Hashing, inclusion and consistency are those of RFC 9162; the signature of the checkpoint is openssl's to check."""
import base64, datetime, hashlib, json, struct, sys

raw = lambda text: base64.b64decode(text, validate=True)
node = lambda left, right: hashlib.sha256(b"\x01" + left + right).digest()

def climb(index, last, old, new, path):  # RFC 9162 2.1.3.2 and 2.1.4.2; `old` is None in a proof of inclusion
    for sibling in path:
        if last == 0:
            return None
        if index % 2 == 1 or index == last:
            old, new = old and node(sibling, old), node(sibling, new)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            new = node(new, sibling)
        index, last = index // 2, last // 2
    return (old, new) if last == 0 else None

def agrees(note, size, root):  # the second and third line of a checkpoint are its size and root
    return note is None or note.split("\n")[1:3] == [str(size), root]

def event_in(leaf):  # its id, and what it says: docs/auditing.md, Formats
    recorded, revision, _ = struct.unpack(">qq?", leaf[37:54])
    parts, at = [], 54
    while at < len(leaf):
        end = at + 4 + int.from_bytes(leaf[at : at + 4], "big")
        parts, at = parts + [ascii(leaf[at + 4 : end].decode("utf-8", "backslashreplace"))], end
    stream, kind, data, metadata = parts
    if leaf[0] != 1 or at != len(leaf):
        raise ValueError("the leaf is none of version 1")
    instant = (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=recorded)).isoformat() + "Z"
    return leaf[1:37].decode(), f"{kind}, revision {revision} of {stream}, recorded {instant}, {metadata}, {data}"

def told(p):  # what is proved
    if p["format"] == "afecto-inclusion-v1":
        return f"event {p['eventId']} is number {p['index'] + 1} of {p['size']}: {event_in(raw(p['leaf']))[1]}"
    return f"the log of {p['from']['size']} events is the beginning of that of {p['to']['size']}"

def holds(p):
    path = [raw(each) for each in p["path"]]
    if p["format"] == "afecto-inclusion-v1":
        leaf, size = hashlib.sha256(b"\x00" + raw(p["leaf"])).digest(), p["size"]
        fits = agrees(p["checkpoint"], size, p["root"]) and 0 <= p["index"] < size
        fits = fits and event_in(raw(p["leaf"]))[0] == p["eventId"]
        return fits and climb(p["index"], size - 1, None, leaf, path) == (None, raw(p["root"]))
    (a, b), roots = (p["from"], p["to"]), (raw(p["from"]["root"]), raw(p["to"]["root"]))
    fits = all(agrees(e["checkpoint"], e["size"], e["root"]) for e in (a, b)) and 0 < a["size"] <= b["size"]
    if a["size"] == b["size"]:
        return fits and not path and roots[0] == roots[1]
    path = [roots[0]] + path if a["size"] & (a["size"] - 1) == 0 else path
    index, last = a["size"] - 1, b["size"] - 1
    while index % 2 == 1:
        index, last = index // 2, last // 2
    return fits and bool(path) and climb(index, last, path[0], path[0], path[1:]) == roots

good = True
for file in sys.argv[1:]:
    try:
        with open(file, encoding="utf-8") as opened:
            proof = json.load(opened)
        found = "holds  " + file + ": " + told(proof) if holds(proof) else "FAILS  " + file
    except (ValueError, KeyError, struct.error) as error:
        found = f"FAILS  {file}: {error}"
    print(found)
    good = good and found.startswith("holds")
sys.exit(0 if good and len(sys.argv) > 1 else 1)
