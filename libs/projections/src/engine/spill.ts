import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Fact, FactType, Instant } from '@afecto/domain';
import type { EventText } from '@afecto/event-store';
import { asItIs, type Opening } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { envelopeOf, readContent } from './read-fact';

/** The part of a log that is about certain parties, laid aside in the order of the log. */
export interface SpilledPart {
  /** Pieces of the spill's file, in order. */
  readonly pieces: ReadonlyArray<{ readonly offset: number; readonly length: number }>;
  /** What came after the last piece. */
  readonly rest: Uint8Array;
}

/** Text held in memory for each part before it goes to the file, in bytes. */
const PIECE = 16 * 1_024;
/** Pieces of a part are read together up to so many bytes, or one that is larger. */
const AT_ONCE = 64 * 1_024;
/** UTF-8 takes at most so many bytes for what JavaScript counts as one. */
const BYTES_A_CODE_UNIT = 3;
/** A part of so many events takes some 4 MiB while it is folded: little of it is copied when the young generation is full. */
const EVENTS_A_PART = 2_000;
/** Bounds what the parts hold in memory to 64 MiB. */
const MOST_PARTS = 4_096;

/** An event as it was laid aside. */
export interface LaidFact {
  readonly position: number;
  readonly occurredAt: Instant;
  readonly subjects: ReadonlyArray<string>;
  /** Null: it cannot be read as the fact that it says it is. */
  readonly fact: Fact | null;
}

/** Parts small enough to be held in memory whole, for a log of so many events. */
export const partsFor = (events: number, eventsAPart = EVENTS_A_PART): number =>
  Math.max(1, Math.min(MOST_PARTS, Math.ceil(events / eventsAPart)));

/** FNV-1a, 32 bits, over the code units of an id. */
export const hashOf = (partyId: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < partyId.length; index++) hash = Math.imul(hash ^ partyId.charCodeAt(index), 0x01000193);
  return hash >>> 0;
};

/** The part that a party belongs to. */
export const partOf = (partyId: string, parts: number): number => hashOf(partyId) % parts;

interface Writing {
  readonly pieces: { offset: number; length: number }[];
  buffer: Buffer;
  used: number;
}

/**
 * Lays events aside by the parties they are about, so that a build reads the log once and in order, and
 * then customer by customer what a few parts hold. Nothing in it outlives the build: the file is begun
 * anew by each.
 */
export class Spill {
  readonly #parts: (Writing | null)[];
  #descriptor: number | null = null;
  #end = 0;

  constructor(
    readonly file: string,
    parts: number,
  ) {
    this.#parts = new Array<Writing | null>(parts).fill(null);
  }

  get parts(): number {
    return this.#parts.length;
  }

  add(part: number, { position, id, type, streamId, recordedAt, data, metadata }: EventText): void {
    const text = `[${position},"${id}","${type}",${JSON.stringify(streamId)},${recordedAt},${data},${metadata}],`;
    const most = text.length * BYTES_A_CODE_UNIT;
    const writing = (this.#parts[part] ??= { pieces: [], buffer: Buffer.allocUnsafe(PIECE), used: 0 });
    if (writing.used + most > writing.buffer.length) {
      this.#flush(writing);
      if (most > writing.buffer.length) writing.buffer = Buffer.allocUnsafe(most);
    }
    writing.used += writing.buffer.write(text, writing.used);
  }

  /** Once with each part that one of these parties belongs to, of those from `first` on. */
  addFor(subjects: ReadonlyArray<string>, event: EventText, first: number): void {
    const { parts } = this;
    for (const [index, subject] of subjects.entries()) {
      const part = partOf(subject, parts);
      if (part < first) continue;
      let isNew = true;
      for (let before = 0; before < index; before++) if (partOf(subjects[before] ?? '', parts) === part) isNew = false;
      if (isNew) this.add(part, event);
    }
  }

  part(part: number): SpilledPart {
    const writing = this.#parts[part];
    if (writing === undefined || writing === null) return { pieces: [], rest: new Uint8Array() };
    return { pieces: writing.pieces, rest: writing.buffer.subarray(0, writing.used) };
  }

  close(): void {
    this.#parts.fill(null);
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    rmSync(this.file, { force: true });
    this.#descriptor = null;
  }

  #flush(writing: Writing): void {
    if (writing.used === 0) return;
    this.#descriptor ??= openSync(this.file, 'w');
    writeAll(this.#descriptor, writing.buffer.subarray(0, writing.used), this.#end);
    writing.pieces.push({ offset: this.#end, length: writing.used });
    this.#end += writing.used;
    writing.used = 0;
  }
}

const writeAll = (descriptor: number, bytes: Uint8Array, offset: number): void => {
  for (let written = 0; written < bytes.length;)
    written += writeSync(descriptor, bytes, written, bytes.length - written, offset + written);
};

type Laid = readonly [
  position: number,
  id: string,
  type: FactType,
  streamId: string,
  recordedAt: number,
  data: unknown,
  metadata: unknown,
];

const factsIn = (bytes: Uint8Array, opening: Opening): ReadonlyArray<LaidFact> => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  // Written by `add`; a comma follows every event.
  const laid: ReadonlyArray<Laid> = JSON.parse(`[${text.slice(0, -1)}]`);
  opening.readAhead(laid.map(([, , type, , , , metadata]) => ({ type, metadata })));
  return laid.map(([position, id, type, streamId, recordedAt, data, metadata]) => {
    const read = readContent(opening.event({ id, type, streamId, recordedAt, data, metadata }), type);
    if (E.isRight(read)) {
      const { occurredAt, subjects } = read.right;
      return { position, occurredAt, subjects, fact: read.right };
    }
    const envelope = envelopeOf(metadata);
    if (envelope === null) throw new Error(`event ${id} was laid aside without a look at its envelope`);
    return { position, ...envelope, fact: null };
  });
};

/** The bytes of pieces that lie anywhere in the file, one after another. */
const bytesOf = (descriptor: number, file: string, pieces: SpilledPart['pieces']): Uint8Array => {
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of pieces)
    for (let read = 0; read < length;) {
      const count = readSync(descriptor, bytes, at, length - read, offset + read);
      if (count === 0) throw new Error(`${file} ends before byte ${offset + length}`);
      read += count;
      at += count;
    }
  return bytes;
};

function* together(pieces: SpilledPart['pieces']): Generator<SpilledPart['pieces'], void, void> {
  let some: { offset: number; length: number }[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (some.length > 0 && bytes + piece.length > AT_ONCE) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(piece);
    bytes += piece.length;
  }
  if (some.length > 0) yield some;
}

/**
 * The facts of a part in the order of the log, some at a time. What is sealed in the log is laid aside sealed,
 * and opened here.
 */
export function* spilledFacts(
  file: string,
  { pieces, rest }: SpilledPart,
  opening: Opening = asItIs,
): Generator<ReadonlyArray<LaidFact>, void, void> {
  if (pieces.length > 0) {
    const descriptor = openSync(file, 'r');
    try {
      for (const some of together(pieces)) yield factsIn(bytesOf(descriptor, file, some), opening);
    } finally {
      closeSync(descriptor);
    }
  }
  if (rest.length > 0) yield factsIn(rest, opening);
}
