import { isUtf8 } from 'node:buffer';
import type { EncodedEvent } from '../encoded-log';
import type { JsonObject } from '../port';

/** What an event says, as the two text columns have it. */
export interface ContentColumns {
  readonly data: string;
  readonly metadata: string;
}

/**
 * How the metadata column of a wrapped event begins. What the columns cannot hold as it is (bytes that
 * are no JSON, metadata that is no object) lies there in base64. Metadata of anybody else never begins
 * so: `guarded` sees to it.
 */
export const WRAPPER_PREFIX = '{"$wire":';
const WRAPPER_BYTES = Buffer.from(WRAPPER_PREFIX);
const DOLLAR = 0x24;
const WRAPPER_KEY = '$wire';
const JSON_CONTENT = 'application/json';

/** Data of a wrapped event whose own data is in the wrapper. */
const NO_DATA = 'null';

interface Wrapper {
  readonly contentType: 'application/json' | 'application/octet-stream';
  /** Base64; absent when the data column has the data. */
  readonly data?: string;
  /** Base64. */
  readonly metadata: string;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const base64 = (bytes: Uint8Array): string => bufferOf(bytes).toString('base64');

interface ParsedText {
  readonly text: string;
  readonly value: unknown;
}

/** The bytes as text and as JSON; `null` when they are not both. */
const parsedText = (bytes: Uint8Array): ParsedText | null => {
  if (bytes.length === 0 || !isUtf8(bytes)) return null;
  const text = bufferOf(bytes).toString('utf8');
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
};

const isPlainMetadata = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, WRAPPER_KEY);

/**
 * The columns of an event given as bytes. JSON with object metadata is kept byte for byte; everything
 * else goes into a wrapper, from which `contentOf` gives back the same bytes.
 */
export const columnsOf = ({ isJson, data, metadata }: EncodedEvent): ContentColumns => {
  const dataText = isJson ? parsedText(data) : null;
  const metadataText = parsedText(metadata);
  if (dataText !== null && metadataText !== null && isPlainMetadata(metadataText.value))
    return { data: dataText.text, metadata: metadataText.text };
  const wrapper: Wrapper = {
    contentType: isJson ? JSON_CONTENT : 'application/octet-stream',
    ...(dataText === null ? { data: base64(data) } : {}),
    metadata: base64(metadata),
  };
  return { data: dataText?.text ?? NO_DATA, metadata: JSON.stringify({ [WRAPPER_KEY]: wrapper }) };
};

/** Metadata text of the port that nobody can take for a wrapper: the same JSON, one blank apart. */
export const guarded = (metadata: string): string =>
  metadata.startsWith(WRAPPER_PREFIX) ? `{ ${metadata.slice(1)}` : metadata;

/**
 * Metadata as the port shows it: of an event whose data is JSON and that has no metadata, which is how
 * clients of other applications mostly write, an empty object; any other wrapper as it is.
 */
export const shownMetadata = (metadata: JsonObject): JsonObject => {
  const wrapper = metadata[WRAPPER_KEY];
  const isPlain = isWrapper(wrapper) && wrapper.contentType === JSON_CONTENT && wrapper.data === undefined;
  return isPlain && wrapper.metadata === '' ? {} : metadata;
};

const isWrapped = (metadata: Uint8Array): boolean =>
  metadata[2] === DOLLAR &&
  metadata.length > WRAPPER_BYTES.length &&
  WRAPPER_BYTES.equals(metadata.subarray(0, WRAPPER_BYTES.length));

const isWrapper = (value: unknown): value is Wrapper =>
  typeof value === 'object' &&
  value !== null &&
  'contentType' in value &&
  'metadata' in value &&
  typeof value.metadata === 'string' &&
  (!('data' in value) || typeof value.data === 'string');

const wrapperIn = (metadata: Uint8Array): Wrapper | null => {
  if (!isWrapped(metadata)) return null;
  const { [WRAPPER_KEY]: wrapper } = JSON.parse(bufferOf(metadata).toString('utf8')) as { [WRAPPER_KEY]?: unknown };
  return isWrapper(wrapper) ? wrapper : null;
};

/** The bytes that a client wrote, from the bytes of the two columns. Only a wrapper is parsed. */
export const contentOf = (
  data: Uint8Array,
  metadata: Uint8Array,
): Pick<EncodedEvent, 'isJson' | 'data' | 'metadata'> => {
  const wrapper = wrapperIn(metadata);
  if (wrapper === null) return { isJson: true, data, metadata };
  return {
    isJson: wrapper.contentType === 'application/json',
    data: wrapper.data === undefined ? data : Buffer.from(wrapper.data, 'base64'),
    metadata: Buffer.from(wrapper.metadata, 'base64'),
  };
};
