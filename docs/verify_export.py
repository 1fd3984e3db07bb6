"""Checks exports of `afecto export --log` with nothing but Python's standard library: python3 verify_export.py FOLDER...
What every line says is what its event gives, and the events have the root (RFC 9162) and all else that the manifest
says, and of a party they are about it; the signature of the checkpoint is openssl's to check."""
import base64, datetime, hashlib, json, os, re, struct, sys

FACTS = """
PartyRegistered PartyIdentified PartiesMerged PartiesSeparated PartyRoleAssigned PreferenceRecorded ConsentGranted
ConsentWithdrawn DataSubjectRequestReceived DataSubjectRequestFulfilled PersonalDataErased CampaignLaunched
EnquiryReceived EnquiryClosed OfferMade OfferAnswered InteractionRecorded OrderPlaced OrderFulfilled OrderReversed
CostToServeRecorded WalletReported ServiceRequestOpened ServiceRequestEscalated ServiceRequestPaused
ServiceRequestResumed ServiceRequestResolved ServiceRequestReopened ServiceFailureDetected PromiseMade PromiseSettled
ComplaintReceived ComplaintAcknowledged CompensationGranted ComplaintResolved ComplaintFollowedUp SurveyAnswered
ReferralMade WordOfMouthObserved MembershipEnrolled RewardGranted BondEstablished SwitchingBarrierSet
DefectionNoticeReceived DefectionDiagnosed RetentionMeasureTaken WorkItemClaimed WorkItemReleased WorkItemCompleted
ConfigurationActivated PortfolioReviewed
""".split()
ABOUT_NOBODY = ["ConfigurationActivated", "PortfolioReviewed", "CampaignLaunched"]
LINKS = ["PartiesMerged", "PartiesSeparated"]
FIELDS = """format version exportedAt leaf kind party files events facts streams types first last tree checkpoint
publicKey""".split()
INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
COPIED = re.compile(rb'(?s)(.*)([,{])"recordedAt":"(' + INSTANT.encode() + rb')"}')
WHOLE = re.compile(r"0|[1-9][0-9]{0,15}")

class Wrong(Exception):
    pass

def must(fine, said):
    if not fine:
        raise Wrong(said)

def once(pairs):
    names = [name for name, _ in pairs]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    must(twice is None, f"the member {twice!r} stands twice")
    return dict(pairs)

def none(text):
    raise ValueError(text + " is no JSON")

def unsure(text):
    raise ValueError(text + " may be written in several ways")

def ordered(pairs):  # of names that are numbers JavaScript changes the order
    return unsure("a name") if any(name.isdigit() for name, _ in pairs) else once(pairs)

def whole(text):
    return int(text) if len(text) < 16 and text != "-0" else unsure(text)

raw = lambda text: base64.b64decode(text, validate=True)
text64 = lambda data: base64.b64encode(data).decode()
node = lambda left, right: hashlib.sha256(b"\x01" + left + right).digest()
parse = lambda text: json.loads(text, object_pairs_hook=once, parse_constant=none)
same = lambda one, other: json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

def js(value):  # as JSON.stringify writes it
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)

def decoded(data):  # None: it is no text
    try:
        return data.decode()
    except ValueError:
        return None

def is_plain(data):  # whether JSON must stand as it is; where this cannot tell it may stand in base64
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=ordered, parse_float=unsure, parse_int=whole, parse_constant=none
        )
        return js(value).encode() == data
    except (ValueError, Wrong):
        return False

def instant(text):  # milliseconds since 1970
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000

def leaf(event, recorded, is_json, data, metadata):  # docs/auditing.md, Formats
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

def said_in(metadata):  # what they say to readers of CloudEvents, and whom they are about
    try:
        said = json.loads(metadata, parse_constant=none)  # of a member that stands twice the latter counts
    except (TypeError, ValueError):
        said = None
    said = said if isinstance(said, dict) else {}
    subjects = said["subjects"] if isinstance(said.get("subjects"), list) else []
    text = lambda value: value if isinstance(value, str) and value != "" else None
    time = text(said.get("occurredAt"))
    is_time = time and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", time)
    source = text(said.get("source")) or "afecto"
    return source, text(next(iter(subjects), None)), time if is_time else None, subjects

def taken(line):  # the event of a line that is to the letter what its event gives
    event = parse(line)
    must(isinstance(event, dict), "it is no object")
    is_json = event.get("datacontenttype") == "application/json"
    encoded = event.get("data_base64")
    # Quotes inside texts are escaped, so this one is the member's.
    data = line[line.find(',"data":') + 8 : -1].encode() if encoded is None else raw(encoded)
    must(encoded is not None or "data" in event, "data: it has none")
    encoded = event.get("afectometadata64")
    metadata = event["afectometadata"].encode() if encoded is None else raw(encoded)
    text = decoded(metadata)
    source, subject, time, subjects = said_in(text)
    recorded = event["afectorecorded"]
    must(re.fullmatch(INSTANT, recorded), "afectorecorded is no instant")
    given = {"specversion": "1.0", "id": event["id"], "source": source, "type": event["type"], "subject": subject}
    given |= {"time": time or recorded, "datacontenttype": "application/" + ("json" if is_json else "octet-stream")}
    for name in ("afectostream", "afectorevision", "afectoposition", "afectorecorded"):
        given[name] = event[name]
    must(all(WHOLE.fullmatch(event[name]) for name in ("afectorevision", "afectoposition")), "its place is no number")
    hashed = None
    if event["type"].startswith("$") or event["afectostream"].startswith("$"):  # a server's own bookkeeping is no leaf
        must(event["type"] not in FACTS, "afectostream: a fact in a stream of a server's own, which no root covers")
    else:
        hashed = leaf(event, instant(recorded), is_json, data, metadata)
        must(hashed == raw(event["afectoleaf"]), "it has not the leaf that it names")
        must(WHOLE.fullmatch(event["afectoindex"]), "afectoindex is no number")
        given |= {"afectoindex": event["afectoindex"], "afectoleaf": text64(hashed)}
    is_text = text is not None and not re.search("[\x00-\x1f\x7f-\x9f]", text)
    given |= {"afectometadata": text} if is_text else {"afectometadata64": text64(metadata)}
    given = {name: value for name, value in given.items() if value is not None}
    shown = is_json and ("data" in event or is_plain(data))
    content = {"data": event["data"] if "data" in event else parse(data)} if shown else {"data_base64": text64(data)}
    for name in [*given, *content, *event]:
        value = (given | content).get(name)
        must(name in event and same(event[name], value), f"{name} is not what its event gives: {js(value)}")
    end = b',"data":' + data if shown else b',"data_base64":"' + text64(data).encode() + b'"'
    must(line.encode() == js(given)[:-1].encode() + end + b"}", "it is not in the order and form of an export")
    return event, hashed, subjects, data

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

def customers(links):  # by party all that are one customer with it: merges which no separation has undone
    links = sorted(links, key=lambda link: [instant(link[0]), *(text.encode("utf-16-be") for text in link[1:3])])
    pair = lambda data: (data["survivorId"], data["absorbedId"] if "absorbedId" in data else data["separatedId"])
    merges = {event: pair(data) for *_, event, kind, data in links if kind == "PartiesMerged"}
    undone = {data.get("mergedEventId") for *_, data in links if merges.get(data.get("mergedEventId")) == pair(data)}
    before = []
    for *_, event, kind, data in links:
        if kind == "PartiesMerged":
            before.append(event)
        elif merges.get(data["mergedEventId"]) != pair(data):
            undone.update([each for each in before if merges[each] == pair(data) and each not in undone][-1:])
    group = {}
    for event in set(merges) - undone:
        both = set().union(*(group.get(party, {party}) for party in merges[event]))
        group.update(dict.fromkeys(both, both))
    return lambda party: group.get(party, {party})

def check_party(party, lines):  # that every event is about it, or is what the export of a party takes along
    told = [(event, subjects, json.loads(data), parse_metadata(event))
            for event, _, subjects, data in lines if event["type"] in [*LINKS, "ReferralMade"]]
    links = [(said["occurredAt"], said["source"], said["id"], event["id"], event["type"], data)
             for event, _, data, said in told if event["type"] in LINKS]
    customer = customers(links)
    members = customer(party["id"])
    must(party["members"][0] == party["id"] and sorted(party["members"]) == sorted(members),
         f"manifest.json, party: found {party['members']}, and by the merges they are {sorted(members)}")
    referred = set()
    for event, _, data, _ in told:
        if event["type"] == "ReferralMade" and data["referrerId"] in members and "referredId" in data:
            referred |= customer(data["referredId"])
    streams = {kind + member for kind in ("party-", "derived-") for member in members}
    about = 0
    for at, (event, _, subjects, _) in enumerate(lines):
        named = {each for each in subjects if isinstance(each, str)}
        is_about = event["afectostream"] in streams or named & members
        of_referred = event["type"] in ["OrderPlaced", *LINKS] and named & referred
        fits = is_about or of_referred or event["type"] in ABOUT_NOBODY
        must(fits, f"line {at + 1} is an event of another party than {party['id']}")
        about += 1 if is_about else 0
    must(about > 0, f"no event is about {party['id']}")

def parse_metadata(event):
    encoded = event.get("afectometadata64")
    return json.loads(event["afectometadata"] if encoded is None else raw(encoded))

def check_files(folder, manifest):
    kind = manifest["kind"]
    must(set(manifest) == set(FIELDS), "manifest.json has other fields than those of an export")
    for name, value in (("format", "afecto-export"), ("version", 1), ("leaf", 1)):
        must(same(manifest[name], value), f"manifest.json, {name}: found {manifest[name]!r}, expected {value!r}")
    must(kind in ("log", "party"), "manifest.json, kind: neither log nor party")
    must((manifest["party"] is None) == (kind == "log"), "manifest.json, party: not that of its kind")
    names = ["events.ndjson"] if kind == "log" else ["events.ndjson", "proof.json"]
    must([file["name"] for file in manifest["files"]] == names, "manifest.json, files: not those of its kind")
    for file in manifest["files"]:
        with open(os.path.join(folder, file["name"]), "rb") as opened:
            found = opened.read()
        fits = hashlib.sha256(found).hexdigest() == file["sha256"]
        must(fits, file["name"] + " is not the file that the manifest names")
        must(same(len(found), file["bytes"]), f"{file['name']} has {len(found)} bytes, and the manifest says {file['bytes']}")

def check_lines(folder, manifest):  # leaves by index, and the lines of a party
    is_log, leaves, lines, types, revisions = manifest["kind"] == "log", {}, [], {}, {}
    events = facts = position = recorded = 0
    first = origin = None
    with open(os.path.join(folder, "events.ndjson"), encoding="utf-8", newline="\n") as opened:
        for line in opened:
            events += 1
            try:
                must(line.endswith("\n"), "it is cut off")
                event, hashed, *_ = found = taken(line[:-1])
                stream, revision, kind = event["afectostream"], int(event["afectorevision"]), event["type"]
                before = revisions.get(stream, -1)
                must(revision == before + 1 if is_log else revision > before, "afectorevision is out of order")
                must(int(event["afectoposition"]) > position, "afectoposition is out of order")
                must(instant(event["afectorecorded"]) >= recorded, "afectorecorded is out of order")
                if hashed is not None:
                    index = int(event["afectoindex"])
                    fits = index == len(leaves) if is_log else index > next(reversed(leaves), -1)
                    must(fits, "afectoindex is out of order")
                    leaves[index], origin = hashed, origin or event["id"]
            except KeyError as error:
                raise Wrong(f"line {events} has no {error}")
            except (Wrong, ValueError, TypeError, AttributeError) as error:
                raise Wrong(f"line {events}: {error}")
            revisions[stream], types[kind] = revision, types.get(kind, 0) + 1
            position, recorded = int(event["afectoposition"]), instant(event["afectorecorded"])
            first, facts = first or event["afectoposition"], facts + (kind in FACTS)
            if not is_log:
                lines.append(found)
    counted = {"facts": facts, "streams": len(revisions), "types": types, "first": first}
    counted["last"] = str(position) if events else None
    must(same(events, manifest["events"]), f"{events} events, and the manifest says {manifest['events']}")
    for name, value in counted.items():
        must(same(manifest[name], value), f"manifest.json, {name}: found {manifest[name]!r}, and the events have {value!r}")
    return leaves, lines, origin

def check(folder):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as opened:
        manifest = parse(opened.read())
    check_files(folder, manifest)
    leaves, lines, origin = check_lines(folder, manifest)
    size, hashes = manifest["tree"]["size"], []
    must(type(size) is int, "manifest.json, tree: its size is no number")
    if manifest["kind"] == "party":
        check_party(manifest["party"], lines)
        with open(os.path.join(folder, "proof.json"), encoding="utf-8") as opened:
            proof = parse(opened.read())
        fits = [proof["format"], proof["size"], proof["root"]] == ["afecto-part-v1", size, manifest["tree"]["root"]]
        must(fits, "proof.json is not one of this part")
        hashes = [raw(each) for each in proof["hashes"]]
    else:
        must(len(leaves) == size, f"manifest.json, tree: its leaves are not the first {size} of a tree")
    absent = iter(hashes)
    try:
        found = root(leaves, 0, size, absent) if size else hashlib.sha256().digest()
    except StopIteration:
        raise Wrong("the proof has too few hashes")
    fits = text64(found) == manifest["tree"]["root"] and next(absent, None) is None
    must(fits, "the events do not give the root of the manifest")
    note = manifest["checkpoint"]
    if note is None:
        return
    named, signed, hashed, *_ = note.split("\n")
    if manifest["kind"] == "log":
        must(named == f"afecto/{origin}" and 0 < int(signed) <= size, "the checkpoint is not of these events")
        size, found = int(signed), root(leaves, 0, int(signed), absent)
    must([signed, hashed] == [str(size), text64(found)], "the checkpoint is not of these events")

good = True
for name in sys.argv[1:]:
    try:
        check(name)
        print("holds  " + name)
    except KeyError as error:
        good = print(f"FAILS  {name}: it has no {error}")
    except (Wrong, OSError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        good = print(f"FAILS  {name}: {error}")
sys.exit(0 if good and len(sys.argv) > 1 else 1)
