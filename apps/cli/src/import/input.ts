import { createReadStream, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { Input, Progress } from './source';

export interface OpenInput {
  /** The bytes, decompressed when they are gzip. Destroying it closes the file. */
  readonly bytes: Readable;
  readonly progress: () => Progress;
}

const isGzip = (path: string): boolean => path.endsWith('.gz');

/**
 * Opens the input for one reading. A file whose name ends in `.gz` is decompressed as it is read. Errors
 * of the file or of the compression arrive as an error of `bytes`.
 */
export const openInput = (input: Input): OpenInput => {
  let readBytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      readBytes += chunk.length;
      done(null, chunk);
    },
  });
  const fromFile = 'path' in input;
  const origin = fromFile ? createReadStream(input.path, { highWaterMark: 256 * 1024 }) : input.stream;
  const totalBytes = fromFile ? (statSync(input.path, { throwIfNoEntry: false })?.size ?? null) : null;
  const progress = (): Progress => ({ readBytes, totalBytes });
  // The error reaches the reader through the last stream, which `pipeline` destroys with it.
  const ignore = (): void => undefined;
  if (fromFile && isGzip(input.path)) {
    const gunzip = createGunzip();
    pipeline(origin, counted, gunzip, ignore);
    return { bytes: gunzip, progress };
  }
  pipeline(origin, counted, ignore);
  return { bytes: counted, progress };
};
