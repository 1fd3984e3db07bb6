import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../problem/problem';

/** Bytes of one call's body (`interfaces.md`, Facts in: 4 MiB a batch). */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/**
 * A body above the limit is read on to here and thrown away, so that a caller that sends before it
 * listens gets its 413 and not a broken connection.
 */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;
/** Deeper JSON is refused before anything that recurses meets it. */
export const MAX_JSON_DEPTH = 64;

export const bodyTooLarge = (): ProblemException =>
  new ProblemException('TooLarge', `the body is larger than ${MAX_BODY_BYTES} bytes; nothing of it was taken`);

/**
 * The whole body as it came, whatever its media type: each route says which it takes.
 *
 * @param room asked for every size that the body grows to; a problem: it is not taken, and the rest of it is thrown away
 */
export const readBody = (payload: Readable, room: (size: number) => ProblemException | null): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let refused: ProblemException | null = null;
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length;
      refused ??= size > MAX_BODY_BYTES ? bodyTooLarge() : room(size);
      if (refused === null) chunks.push(chunk);
      else {
        chunks = [];
        if (size > MAX_DRAINED_BYTES) {
          payload.pause();
          reject(refused);
        }
      }
    });
    payload.on('end', () => {
      if (refused !== null) reject(refused);
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    const broken = (): void => reject(new ProblemException('InvalidRequest', 'the body was cut off'));
    payload.on('error', broken);
    payload.on('aborted', broken);
  });

/** The body's bytes; none when the request has no body. */
export const bodyOf = (request: FastifyRequest): Buffer => {
  const { body } = request;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
};

/** The media type in lower case, without parameters; '' when there is none. */
export const mediaTypeOf = (request: FastifyRequest): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

const refuseMediaType = (request: FastifyRequest, allowed: string): ProblemException => {
  const given = request.headers['content-type'];
  return new ProblemException(
    'UnsupportedMediaType',
    `Content-Type must be ${allowed}; got ${given === undefined ? 'none' : JSON.stringify(given.slice(0, 100))}`,
    { errors: [{ path: '/header/content-type', message: `must be ${allowed}` }] },
  );
};

/** Bodies are read as they come: 415 for a compressed one (RFC 9110 §15.5.16), whose bytes are no JSON. */
const requireNoEncoding = ({ headers }: FastifyRequest): void => {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  const message = `must be absent or identity: bodies are taken uncompressed; got ${JSON.stringify(encoding.slice(0, 100))}`;
  throw new ProblemException('UnsupportedMediaType', `Content-Encoding ${message}`, {
    errors: [{ path: '/header/content-encoding', message }],
    headers: { 'Accept-Encoding': 'identity' },
  });
};

/** 415 unless the media type is one of those that the route takes, in UTF-8 and uncompressed. */
export const requireMediaType = (request: FastifyRequest, ...allowed: ReadonlyArray<string>): void => {
  requireNoEncoding(request);
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii')
    throw refuseMediaType(request, `${allowed.join(', ')} in UTF-8`);
  if (!allowed.includes(mediaTypeOf(request))) throw refuseMediaType(request, allowed.join(', '));
};

export const malformed = (why: string): ProblemException =>
  new ProblemException('MalformedJson', why, { errors: [{ path: '', message: why }] });

/** Bytes → JSON value; 400 says where the text stops being JSON. */
export const parseJson = (bytes: Buffer): unknown => {
  if (bytes.length === 0) throw malformed('the body is empty; JSON is expected');
  if (!isUtf8(bytes)) throw malformed('the body is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed(`the body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`);
  }
};

export const tooDeep = (): ProblemException => malformed(`the JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
