import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** The lines of a stream with their newlines, as bytes; the last one has none when it is cut off. */
export async function* bytesOfLines(stream: Readable): AsyncGenerator<Buffer, void, void> {
  let begun: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, end + 1);
      yield begun.length === 0 ? piece : Buffer.concat([...begun, piece]);
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
