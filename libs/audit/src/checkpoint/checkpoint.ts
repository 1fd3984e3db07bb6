import type { Instant } from '@afecto/domain';
import { toIso } from '@afecto/domain';
import type { Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { type Hash, hashFromBase64, toBase64 } from '../merkle/hash';
import { KEY_ID_BYTES, keyIdOf, type PublicKey, type SigningKey } from './keys';

/** What a log was at some size, as its keeper says. */
export interface Checkpoint {
  /** Which log: `afecto/` and the id of its first event. */
  readonly origin: string;
  /** Events that it speaks of: the first ones of the log. */
  readonly size: number;
  readonly root: Hash;
  /** When it was made. */
  readonly at: Instant;
  /** Where the last of these events lay in the log that it was made of; a copy has other positions. */
  readonly position: Position;
}

/** A signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** The first four bytes of a hash over name and key. */
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The whole note, with its signatures. */
  readonly note: string;
  /** What is signed: the lines before the empty one, with their newlines. */
  readonly text: string;
  readonly signatures: ReadonlyArray<NoteSignature>;
}

/** The name of a log in its checkpoints, and of the key that signs them. */
export const originOf = (firstEventId: string): string => `afecto/${firstEventId}`;

/**
 * The text of a note as C2SP tlog-checkpoint has it: origin, size and root, and two extension lines.
 */
const textOf = ({ origin, size, root, at, position }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\ntime ${toIso(at)}\nposition ${position}\n`;

/** Signs a checkpoint: a note of C2SP signed-note with one Ed25519 signature, in the name of the log. */
export const signCheckpoint = (checkpoint: Checkpoint, key: SigningKey): string => {
  const text = textOf(checkpoint);
  const { origin } = checkpoint;
  const signature = Buffer.concat([keyIdOf(origin, key.publicKey), key.sign(text)]);
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
};

export interface NoteError {
  readonly code: 'InvalidCheckpoint';
  readonly message: string;
}

const invalid = (message: string): E.Either<NoteError, never> => E.left({ code: 'InvalidCheckpoint', message });

const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
const SIZE = /^(?:0|[1-9]\d{0,15})$/;

const readSignature = (line: string): NoteSignature | null => {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== base64) return null;
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
};

const extension = (lines: ReadonlyArray<string>, name: string): string | undefined =>
  lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

/** Reads a note. Nothing is believed of it yet: `isSignedBy` tells whose it is. */
export const readCheckpoint = (note: string): E.Either<NoteError, SignedCheckpoint> => {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return invalid('is no signed note: an empty line and a signature are missing');
  const text = note.slice(0, end + 1);
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const signature = readSignature(line);
    if (signature === null) return invalid(`has a line that is no signature: ${line.slice(0, 80)}`);
    signatures.push(signature);
  }
  const [origin = '', size = '', root = '', ...rest] = text.slice(0, -1).split('\n');
  if (origin === '' || !SIZE.test(size)) return invalid('has no name of a log and size in its first two lines');
  const hash = hashFromBase64(root);
  if (hash === null) return invalid('has no root hash in its third line');
  const [at, position] = [Date.parse(extension(rest, 'time') ?? ''), extension(rest, 'position') ?? ''];
  if (Number.isNaN(at) || !/^\d{1,19}$/.test(position)) return invalid('has no time and position');
  const checkpoint = { origin, size: Number(size), root: hash, at, position: BigInt(position) };
  return E.right({ checkpoint, note, text, signatures });
};

/** Whether one of its signatures is this key's, in the name of the log. A wrong signature of a known key is none. */
export const isSignedBy = ({ checkpoint: { origin }, text, signatures }: SignedCheckpoint, key: PublicKey): boolean =>
  signatures.some(
    ({ name, keyId, signature }) =>
      name === origin && keyId.equals(keyIdOf(origin, key)) && key.verifies(text, signature),
  );

/** Notes in one file, one behind the other with an empty line between them. */
export const joinNotes = (notes: ReadonlyArray<string>): string => notes.join('\n');

/** The notes of a file that `joinNotes` has made, or a single one. */
export const splitNotes = (file: string): ReadonlyArray<string> => {
  const parts = file
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n\n+/)
    .filter((part) => part !== '');
  const notes: string[] = [];
  let text = '';
  for (const part of parts)
    if (part.startsWith('— ')) {
      notes.push(`${text}\n${part}\n`);
      text = '';
    } else text += `${part}\n`;
  return text === '' ? notes : [...notes, text];
};
