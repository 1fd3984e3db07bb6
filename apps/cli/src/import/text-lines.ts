import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

/** A line without its end; or why it has no text, and its length in bytes as far as it was read. */
export type TextLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly text: null; readonly why: 'tooLong' | 'notUtf8'; readonly bytes: number };

/** A line beyond this cannot be one fact (`interfaces.md` limits a fact to 64 KiB) and is not held in memory. */
export const MAX_LINE = 1024 * 1024;

export const brokenLineMeanings = {
  notUtf8: 'lines that are not UTF-8',
  tooLong: 'lines longer than 1 MiB',
} as const;

const LF = 0x0a;
const CR = 0x0d;

/** As text where it is text; the others as null, with their bytes. Latin-1 has a character for every byte. */
const split = (block: Buffer, end: string | RegExp): ReadonlyArray<readonly [string | null, number]> => {
  if (isUtf8(block)) {
    const lines = block.toString('utf8').split(end);
    return lines.map((text) => [text, text.length] as const);
  }
  return block
    .toString('latin1')
    .split(end)
    .map((piece) => {
      const bytes = Buffer.from(piece, 'latin1');
      return [isUtf8(bytes) ? bytes.toString('utf8') : null, bytes.length] as const;
    });
};

/**
 * Every line with its number, from 1; a byte order mark is no part of the first. The last line needs no end.
 * `ends`: `LF`, or `any` for LF, CR and CR LF, mixed as they come. Throws when the bytes cannot be read.
 */
export async function* textLines(bytes: Readable, ends: 'LF' | 'any'): AsyncGenerator<TextLine, void, void> {
  const any = ends === 'any';
  const end = any ? /\r\n|\n|\r/ : '\n';
  let line = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Bytes of the line under way that were thrown away. */
  let dropped = 0;
  let afterCr = false;
  const hold = (piece: Buffer): void => {
    held = piece.length === 0 ? [] : [piece];
    heldBytes = piece.length;
  };
  const told = ([text, size]: readonly [string | null, number]): TextLine => {
    line += 1;
    const length = dropped + size;
    dropped = 0;
    if (length > MAX_LINE) return { line, text: null, why: 'tooLong', bytes: length };
    if (text === null) return { line, text, why: 'notUtf8', bytes: length };
    return { line, text: line === 1 ? text.replace(/^\uFEFF/, '') : text };
  };
  for await (const piece of bytes as AsyncIterable<Buffer>) {
    // A line end may be cut between two pieces.
    const chunk = afterCr && piece[0] === LF ? piece.subarray(1) : piece;
    if (piece.length > 0) afterCr = any && piece.at(-1) === CR;
    const last = Math.max(chunk.lastIndexOf(LF), any ? chunk.lastIndexOf(CR) : -1);
    if (last >= 0) {
      const lines = split(Buffer.concat([...held, chunk.subarray(0, last + 1)]), end);
      for (const one of lines.slice(0, -1)) yield told(one);
      hold(chunk.subarray(last + 1));
    } else {
      held.push(chunk);
      heldBytes += chunk.length;
    }
    if (heldBytes > MAX_LINE) {
      dropped += heldBytes;
      hold(Buffer.alloc(0));
    }
  }
  if (heldBytes > 0 || dropped > 0) for (const one of split(Buffer.concat(held), end)) yield told(one);
}
