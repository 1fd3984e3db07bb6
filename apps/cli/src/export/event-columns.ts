import type { EncodedRecord } from '@afecto/event-store';
import { hasPersonalFields, withPersonalFields } from '@afecto/privacy';
import { isFactType, recordedInstantOf } from '@afecto/domain';
import type { SchemaElement } from 'hyparquet-writer';

type Value = string | bigint | number | boolean | Date | ReadonlyArray<string> | null;

/** What an event's bytes say; `null` where they are no JSON. */
interface Said {
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Column {
  readonly name: string;
  readonly schema: ReadonlyArray<SchemaElement>;
  readonly valueOf: (record: EncodedRecord, said: Said) => Value;
  /** Its bytes lie in the file as they are; default false: compressed. */
  readonly isPlain?: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
};

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOr = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null);

type Presence = 'REQUIRED' | 'OPTIONAL';
const text = (name: string, presence: Presence = 'OPTIONAL'): ReadonlyArray<SchemaElement> => [
  { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type: presence },
];
const long = (name: string, presence: Presence = 'OPTIONAL'): ReadonlyArray<SchemaElement> => [
  { name, type: 'INT64', repetition_type: presence },
];
const instant = (name: string, presence: Presence = 'OPTIONAL'): ReadonlyArray<SchemaElement> => [
  {
    name,
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    repetition_type: presence,
  },
];
const truth = (name: string): ReadonlyArray<SchemaElement> => [{ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }];
const texts = (name: string): ReadonlyArray<SchemaElement> => [
  { name, converted_type: 'LIST', logical_type: { type: 'LIST' }, repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { ...text('element', 'REQUIRED')[0], name: 'element' },
];

const inMetadata = (name: string, key: string): Column => ({
  name,
  schema: text(name),
  valueOf: (_, { metadata }) => textOr(metadata[key]),
});

const instantIn = (value: unknown): Date | null => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
};

const ofActor = ({ actor }: Said['metadata'], key: 'kind' | 'id'): string | null =>
  isRecord(actor) ? textOr(actor[key]) : null;

const subjectsIn = ({ subjects }: Said['metadata']): ReadonlyArray<string> =>
  Array.isArray(subjects) ? subjects.filter((subject): subject is string => typeof subject === 'string') : [];

/** The payload without its personal fields; null: it is no JSON. */
const payload = ({ type, isJson, data }: EncodedRecord, said: Said): string | null => {
  if (!isJson || said.data === null) return null;
  if (!hasPersonalFields(type)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  return JSON.stringify(withPersonalFields({ type, ...said }, () => undefined));
};

/** Columns of an event for analysts, in order. Personal fields are left out of `data`, sealed or not. */
export const eventColumns: ReadonlyArray<Column> = [
  { name: 'position', schema: long('position', 'REQUIRED'), valueOf: ({ position }) => position },
  { name: 'id', schema: text('id', 'REQUIRED'), valueOf: ({ id }) => id },
  { name: 'type', schema: text('type', 'REQUIRED'), valueOf: ({ type }) => type },
  { name: 'is_fact', schema: truth('is_fact'), valueOf: ({ type }) => isFactType(type) },
  { name: 'stream', schema: text('stream', 'REQUIRED'), valueOf: ({ streamId }) => streamId },
  { name: 'revision', schema: long('revision', 'REQUIRED'), valueOf: ({ revision }) => BigInt(revision) },
  {
    name: 'recorded_at',
    schema: instant('recorded_at', 'REQUIRED'),
    valueOf: ({ recordedAt }, { metadata }) => new Date(recordedInstantOf({ recordedAt, metadata })),
  },
  {
    name: 'occurred_at',
    schema: instant('occurred_at'),
    valueOf: (_, { metadata }) => instantIn(metadata['occurredAt']),
  },
  { name: 'party', schema: text('party'), valueOf: (_, { metadata }) => subjectsIn(metadata)[0] ?? null },
  { name: 'subjects', schema: texts('subjects'), valueOf: (_, { metadata }) => subjectsIn(metadata) },
  inMetadata('source', 'source'),
  inMetadata('source_id', 'id'),
  { name: 'actor_kind', schema: text('actor_kind'), valueOf: (_, { metadata }) => ofActor(metadata, 'kind') },
  { name: 'actor_id', schema: text('actor_id'), valueOf: (_, { metadata }) => ofActor(metadata, 'id') },
  inMetadata('channel', 'channel'),
  inMetadata('correlation_id', 'correlationId'),
  inMetadata('causation_id', 'causationId'),
  inMetadata('command_id', 'commandId'),
  {
    name: 'schema_version',
    schema: [{ name: 'schema_version', type: 'INT32', repetition_type: 'OPTIONAL' }],
    valueOf: (_, { metadata }) => numberOr(metadata['schemaVersion']),
  },
  {
    name: 'config_version',
    schema: [{ name: 'config_version', type: 'INT32', repetition_type: 'OPTIONAL' }],
    valueOf: (_, { metadata }) => numberOr(metadata['configVersion']),
  },
  // Whoever shows that somebody is erased looks through the bytes of files: what could be personal lies open to that.
  { name: 'data', schema: text('data'), valueOf: payload, isPlain: true },
];

/** The schema of the file. */
export const eventSchema: ReadonlyArray<SchemaElement> = [
  { name: 'event', num_children: eventColumns.length },
  ...eventColumns.flatMap(({ schema }) => schema),
];

/** The values of some events, column by column. */
export const columnsOf = (
  records: ReadonlyArray<EncodedRecord>,
): ReadonlyArray<{ readonly name: string; readonly data: Value[]; readonly codec: 'UNCOMPRESSED' | 'SNAPPY' }> => {
  const columns = eventColumns.map(({ name, isPlain = false }) => ({
    name,
    data: [] as Value[],
    codec: isPlain ? ('UNCOMPRESSED' as const) : ('SNAPPY' as const),
  }));
  for (const record of records) {
    const metadata = parsed(record.metadata);
    const said = { data: parsed(record.data), metadata: isRecord(metadata) ? metadata : {} };
    for (const [index, { valueOf }] of eventColumns.entries()) columns[index]?.data.push(valueOf(record, said));
  }
  return columns;
};
