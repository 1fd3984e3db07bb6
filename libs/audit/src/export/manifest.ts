import * as E from 'fp-ts/Either';
import { LEAF_VERSION } from '../leaf/leaf-bytes';
import { hashFromBase64 } from '../merkle/hash';

export const EXPORT_FORMAT = 'afecto-export';
export const EXPORT_VERSION = 1;
export const MANIFEST_FILE = 'manifest.json';
export const EVENTS_FILE = 'events.ndjson';
/** Of the export of a party only. */
export const PROOF_FILE = 'proof.json';

export interface ExportedFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What an export holds; it is written last, so that a folder without it is no export. */
export interface ExportManifest {
  readonly format: typeof EXPORT_FORMAT;
  readonly version: typeof EXPORT_VERSION;
  /** Of a party it is a part of the log, which proves its place in it. */
  readonly kind: 'log' | 'party';
  readonly party: { readonly id: string; readonly members: ReadonlyArray<string> } | null;
  readonly exportedAt: string;
  /** Version of the encoding of leaves. */
  readonly leaf: typeof LEAF_VERSION;
  readonly files: ReadonlyArray<ExportedFile>;
  readonly events: number;
  /** Events of a type of the catalogue. */
  readonly facts: number;
  readonly streams: number;
  readonly types: Readonly<Record<string, number>>;
  /** Positions of the first and the last event; null: there is none. */
  readonly first: string | null;
  readonly last: string | null;
  /** Of the log its whole tree; of a party the tree in which `proof.json` proves the events. Root in base64. */
  readonly tree: { readonly size: number; readonly root: string };
  /** The newest signed checkpoint in what is exported (of a party: in the log), and the key that it names. */
  readonly checkpoint: string | null;
  readonly publicKey: string | null;
}

/** Hashes beside the events of a part, by which the root follows from them (`partProof`). */
export interface PartProofFile {
  readonly format: 'afecto-part-v1';
  readonly size: number;
  readonly root: string;
  readonly hashes: ReadonlyArray<string>;
}

/** What is wrong with a file of an export. */
export interface ExportFault {
  readonly file: string;
  /** From 1; null: the file as a whole. */
  readonly line: number | null;
  /** Empty: the line or the file as a whole. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

export const exportFault = (
  file: string,
  field: string,
  found: unknown,
  expected: string,
  line: number | null = null,
): E.Either<ExportFault, never> =>
  E.left({
    file,
    line,
    field,
    found:
      typeof found === 'string' ? found : found === undefined ? 'nothing' : (JSON.stringify(found) ?? '').slice(0, 200),
    expected,
  });

/** For people: where, what is there, and what should be. */
export const toldFault = ({ file, line, field, found, expected }: ExportFault): string =>
  `${file}${line === null ? '' : `, line ${line}`}${field === '' ? '' : `, ${field}`}: found ${found}, expected ${expected}`;

type Loose = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isPosition = (value: unknown): boolean => value === null || (isText(value) && /^[1-9]\d{0,15}$/.test(value));
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isFile = (value: unknown): boolean =>
  isRecord(value) && isText(value['name']) && isCount(value['bytes']) && isText(value['sha256']);
const isTree = (value: unknown): boolean =>
  isRecord(value) && isCount(value['size']) && isText(value['root']) && hashFromBase64(value['root']) !== null;
const isParty = (value: unknown): boolean =>
  isRecord(value) && isText(value['id']) && Array.isArray(value['members']) && value['members'].every(isText);

const shape: ReadonlyArray<readonly [keyof ExportManifest, (value: unknown, all: Loose) => boolean, expected: string]> =
  [
    ['format', (value) => value === EXPORT_FORMAT, `"${EXPORT_FORMAT}"`],
    ['version', (value) => value === EXPORT_VERSION, `version ${EXPORT_VERSION}, which this program knows`],
    ['kind', (value) => value === 'log' || value === 'party', '"log" or "party"'],
    [
      'party',
      (value, { kind }) => (kind === 'log' ? value === null : isParty(value)),
      'id and members of a party, and null for a log',
    ],
    ['exportedAt', isText, 'an instant'],
    ['leaf', (value) => value === LEAF_VERSION, `version ${LEAF_VERSION}, which this program knows`],
    ['files', (value) => Array.isArray(value) && value.every(isFile), 'name, bytes and sha256 of each file'],
    ['events', isCount, 'a number of events'],
    ['facts', isCount, 'a number of facts'],
    ['streams', isCount, 'a number of streams'],
    ['types', (value) => isRecord(value) && Object.values(value).every(isCount), 'a number for each type'],
    ['first', isPosition, 'a position as text'],
    ['last', isPosition, 'a position as text'],
    ['tree', isTree, 'size and root (base64) of a tree'],
    ['checkpoint', isTextOrNull, 'a signed note, or null'],
    ['publicKey', isTextOrNull, 'a key in PEM form, or null'],
  ];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads a manifest; what it says of the files is not looked at yet. */
export const readManifest = (text: string, file: string): E.Either<ExportFault, ExportManifest> => {
  const value = parsed(text);
  if (!isRecord(value)) return exportFault(file, '', 'no JSON object', 'the manifest of an export');
  for (const [field, holds, expected] of shape)
    if (!holds(value[field], value)) return exportFault(file, field, value[field], expected);
  const more = Object.keys(value).find((key) => !shape.some(([field]) => field === key));
  if (more !== undefined) return exportFault(file, more, value[more], 'nothing: this version has no such field');
  // Every field has been looked at.
  const manifest = value as Loose & ExportManifest;
  const names = manifest.kind === 'log' ? [EVENTS_FILE] : [EVENTS_FILE, PROOF_FILE];
  const listed = manifest.files.map(({ name }) => name);
  return listed.join() === names.join() ? E.right(manifest) : exportFault(file, 'files', listed, names.join(' and '));
};

/** Reads the proof of a part. */
export const readPartProof = (text: string, file: string): E.Either<ExportFault, PartProofFile> => {
  const value = parsed(text);
  if (!isRecord(value) || value['format'] !== 'afecto-part-v1')
    return exportFault(file, 'format', isRecord(value) ? value['format'] : 'no JSON object', '"afecto-part-v1"');
  const { size, root, hashes } = value;
  if (!isTree({ size, root })) return exportFault(file, 'root', root, 'size and root of a tree');
  const isHashes = Array.isArray(hashes) && hashes.every((each) => isText(each) && hashFromBase64(each) !== null);
  return isHashes ? E.right(value as Loose & PartProofFile) : exportFault(file, 'hashes', hashes, 'hashes in base64');
};
