import { isUtf8 } from 'node:buffer';
import { toIso } from '@afecto/domain';
import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { type Hash, hashFromBase64, toBase64 } from '../merkle/hash';

/** Which leaf of the log's tree an event is, from 0. Null: it is none, but a server's own bookkeeping. */
export interface LeafPlace {
  readonly index: number;
  readonly hash: Hash;
}

export interface ExportedRecord {
  readonly record: EncodedRecord;
  readonly leaf: LeafPlace | null;
}

/** What is wrong with a line. */
export interface LineFault {
  /** The attribute; empty: the line as a whole. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

const JSON_CONTENT = 'application/json';
const ANY_CONTENT = 'application/octet-stream';
/** `source` of an event that names none itself. */
const NO_SOURCE = 'afecto';

const textOf = (bytes: Uint8Array): string | null =>
  isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : null;

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The text, when writing what it says gives it again, character for character; null: it must go as bytes. */
const plainJson = (bytes: Uint8Array): string | null => {
  const text = textOf(bytes);
  if (text === null) return null;
  const value = parsed(text);
  return value !== undefined && JSON.stringify(value) === text ? text : null;
};

/** What a String of CloudEvents may not hold: control characters. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What an event says of itself in its metadata, for readers of CloudEvents. */
const shownIn = (
  metadata: string | null,
): { readonly source: string; readonly subject: string | null; readonly time: string | null } => {
  const value = metadata === null ? null : parsed(metadata);
  if (!isRecord(value)) return { source: NO_SOURCE, subject: null, time: null };
  const { subjects, occurredAt } = value;
  const [first]: ReadonlyArray<unknown> = Array.isArray(subjects) ? subjects : [];
  const time = textIn(occurredAt);
  return {
    source: textIn(value['source']) ?? NO_SOURCE,
    subject: textIn(first),
    time: time !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time) ? time : null,
  };
};

/**
 * An event as one line, a CloudEvent 1.0 in JSON without its newline. It holds everything of the event:
 * `readExportLine` gives back the same bytes. JSON that its own value would not give again (blanks, doubled
 * members, numbers in another form), and bytes that are none, go as `data_base64`.
 */
export const exportLine = ({ record, leaf }: ExportedRecord): string => {
  const { id, type, streamId, revision, position, recordedAt, isJson, data, metadata } = record;
  const text = textOf(metadata);
  const { source, subject, time } = shownIn(text);
  const head = JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    ...(subject === null ? {} : { subject }),
    time: time ?? toIso(recordedAt),
    datacontenttype: isJson ? JSON_CONTENT : ANY_CONTENT,
    afectostream: streamId,
    afectorevision: String(revision),
    afectoposition: String(position),
    afectorecorded: toIso(recordedAt),
    ...(leaf === null ? {} : { afectoindex: String(leaf.index), afectoleaf: toBase64(leaf.hash) }),
    ...(text !== null && !CONTROL.test(text) ? { afectometadata: text } : { afectometadata64: base64(metadata) }),
  });
  const plain = isJson ? plainJson(data) : null;
  return `${head.slice(0, -1)},${plain === null ? `"data_base64":"${base64(data)}"` : `"data":${plain}`}}`;
};

const fault = (field: string, found: unknown, expected: string): E.Either<LineFault, never> =>
  E.left({ field, found: found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 200), expected });

const WHOLE = /^(?:0|[1-9]\d{0,15})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const bytesIn = (value: unknown): Uint8Array | null => {
  if (typeof value !== 'string') return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : null;
};

const contentIn = (
  event: Readonly<Record<string, unknown>>,
): E.Either<LineFault, Pick<EncodedRecord, 'isJson' | 'data' | 'metadata'>> => {
  const { datacontenttype, data_base64: encoded, afectometadata: text, afectometadata64: encodedMetadata } = event;
  if (datacontenttype !== JSON_CONTENT && datacontenttype !== ANY_CONTENT)
    return fault('datacontenttype', datacontenttype, `${JSON_CONTENT} or ${ANY_CONTENT}`);
  const data = Object.hasOwn(event, 'data') ? Buffer.from(JSON.stringify(event['data'])) : bytesIn(encoded);
  if (data === null) return fault('data_base64', encoded, 'bytes in base64, or data');
  const metadata = typeof text === 'string' ? Buffer.from(text) : bytesIn(encodedMetadata);
  if (metadata === null) return fault('afectometadata', text, 'a text');
  return E.right({ isJson: datacontenttype === JSON_CONTENT, data, metadata });
};

const leafIn = ({
  afectoindex: index,
  afectoleaf: leaf,
}: Readonly<Record<string, unknown>>): E.Either<LineFault, LeafPlace | null> => {
  if (index === undefined && leaf === undefined) return E.right(null);
  if (typeof index !== 'string' || !WHOLE.test(index)) return fault('afectoindex', index, 'a whole number as text');
  const hash = typeof leaf === 'string' ? hashFromBase64(leaf) : null;
  return hash === null
    ? fault('afectoleaf', leaf, 'a SHA-256 hash in base64')
    : E.right({ index: Number(index), hash });
};

/** The first attribute in which the line differs from the one that its event gives. */
const firstDifference = (event: Readonly<Record<string, unknown>>, written: string): E.Either<LineFault, never> => {
  const ours: Readonly<Record<string, unknown>> = JSON.parse(written);
  const field = [...Object.keys(ours), ...Object.keys(event)].find(
    (key) => JSON.stringify(event[key]) !== JSON.stringify(ours[key]),
  );
  if (field === undefined) return fault('', 'its attributes', 'the same in the order and form of an export');
  return fault(
    field,
    event[field],
    ours[field] === undefined ? 'nothing' : (JSON.stringify(ours[field]) ?? '').slice(0, 200),
  );
};

/**
 * Reads what `exportLine` has written, and nothing else: a line that its own event would not give again,
 * to the letter, is a fault that names the first attribute that differs.
 */
export const readExportLine = (line: string): E.Either<LineFault, ExportedRecord> => {
  const event = parsed(line);
  if (!isRecord(event)) return fault('', line.slice(0, 80), 'one JSON object');
  const { specversion, id, type, afectostream: streamId, afectorevision: revision, afectoposition: position } = event;
  if (specversion !== '1.0') return fault('specversion', specversion, '"1.0"');
  if (typeof id !== 'string' || !UUID.test(id)) return fault('id', id, 'a UUID in lower case');
  if (typeof type !== 'string' || type === '') return fault('type', type, 'the type of an event');
  if (typeof streamId !== 'string' || streamId === '') return fault('afectostream', streamId, 'the name of a stream');
  if (typeof revision !== 'string' || !WHOLE.test(revision))
    return fault('afectorevision', revision, 'a whole number as text');
  if (typeof position !== 'string' || !WHOLE.test(position))
    return fault('afectoposition', position, 'a whole number as text');
  const { afectorecorded: recorded } = event;
  const recordedAt = typeof recorded === 'string' ? Date.parse(recorded) : Number.NaN;
  if (!(recordedAt >= 0)) return fault('afectorecorded', recorded, 'an instant such as 2026-01-31T09:30:00.000Z');
  const content = contentIn(event);
  if (E.isLeft(content)) return content;
  const leaf = leafIn(event);
  if (E.isLeft(leaf)) return leaf;
  const record = {
    id,
    type,
    streamId,
    revision: Number(revision),
    position: BigInt(position),
    recordedAt,
    ...content.right,
  };
  const exported = { record, leaf: leaf.right };
  const written = exportLine(exported);
  return written === line ? E.right(exported) : firstDifference(event, written);
};
