import { createHash } from 'node:crypto';
import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { isSignedBy, originOf, readCheckpoint, type SignedCheckpoint } from '../checkpoint/checkpoint';
import { readPublicKey } from '../checkpoint/keys';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { Frontier } from '../merkle/frontier';
import { type Hash, hashFromBase64, toBase64 } from '../merkle/hash';
import { OrderCheck } from '../verify/order-check';
import { type ExportedRecord, readExportLine } from './export-line';
import { EventCount } from './export-summary';
import {
  EVENTS_FILE,
  exportFault,
  type ExportFault,
  type ExportManifest,
  MANIFEST_FILE,
  type PartProofFile,
  PROOF_FILE,
} from './manifest';
import { isMarkedAsOwn } from '../leaf/own-events';
import { type KnownLeaf, rootOfPart } from './part-proof';
import { PartyCheck } from './party-part';

type Checked<A> = E.Either<ExportFault, A>;

/** The checkpoint of a manifest, which must be signed by the key that stands beside it. */
export const checkpointIn = (
  { checkpoint, publicKey }: ExportManifest,
  file = MANIFEST_FILE,
): Checked<SignedCheckpoint | null> => {
  if (checkpoint === null) return E.right(null);
  const signed = readCheckpoint(checkpoint);
  if (E.isLeft(signed)) return exportFault(file, 'checkpoint', `a note that ${signed.left.message}`, 'a signed note');
  const key = readPublicKey(publicKey ?? '', 'publicKey');
  if (E.isLeft(key)) return exportFault(file, 'publicKey', publicKey, 'the key that signed the checkpoint');
  return isSignedBy(signed.right, key.right)
    ? signed
    : exportFault(file, 'checkpoint', 'a signature that does not hold under publicKey', 'one that does');
};

/**
 * Looks at the lines of an export one after another, and at the end at all of them: each is what its event
 * gives, follows the one before it, and has its leaf; their number, bytes, hash and root are those of the
 * manifest. Names the first line that is not so.
 */
export class ExportCheck {
  readonly #encoder = new LeafEncoder();
  readonly #hash = createHash('sha256');
  readonly #frontier = new Frontier();
  readonly #order: OrderCheck;
  readonly #count: EventCount;
  readonly #leaves: KnownLeaf[] = [];
  readonly #party = new PartyCheck();
  #bytes = 0;
  #origin = '';
  #rootOfCheckpoint: Hash | null = null;

  private constructor(
    readonly manifest: ExportManifest,
    readonly checkpoint: SignedCheckpoint | null,
    readonly proof: PartProofFile | null,
    isFact: (type: string) => boolean,
  ) {
    this.#count = new EventCount(isFact);
    this.#order = new OrderCheck({ isDense: false, isPart: manifest.kind === 'party' });
  }

  /** @param proof of a party its `proof.json`; null for a log */
  static of(
    manifest: ExportManifest,
    proof: PartProofFile | null,
    isFact: (type: string) => boolean,
  ): Checked<ExportCheck> {
    const checkpoint = checkpointIn(manifest);
    if (E.isLeft(checkpoint)) return checkpoint;
    const { size, root } = manifest.tree;
    if (proof !== null && proof.size !== size) return exportFault(PROOF_FILE, 'size', proof.size, String(size));
    if (proof !== null && proof.root !== root) return exportFault(PROOF_FILE, 'root', proof.root, root);
    return E.right(new ExportCheck(manifest, checkpoint.right, proof, isFact));
  }

  /** Lines so far. */
  get events(): number {
    return this.#count.events;
  }

  /** Which leaves the events are, in order. */
  get indexes(): ReadonlyArray<number> {
    return this.#leaves.map(({ index }) => index);
  }

  /** The event of the next line, which is given with its newline where it has one. */
  take(bytes: Buffer): Checked<EncodedRecord> {
    const line = this.events + 1;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    if (bytes.at(-1) !== 0x0a)
      return exportFault(EVENTS_FILE, '', 'a line that is cut off', 'its end and a newline', line);
    const { events } = this.manifest;
    if (line > events) return exportFault(EVENTS_FILE, '', 'a line more', `${events} lines`, line);
    const read = readExportLine(bytes.subarray(0, -1).toString('utf8'));
    if (E.isLeft(read)) return E.left({ file: EVENTS_FILE, line, ...read.left });
    const { record } = read.right;
    const wrong = this.#order.next(record);
    if (wrong !== null)
      return exportFault(EVENTS_FILE, '', `an event that ${wrong}`, 'the next event of the log', line);
    const leaf = this.#leaf(read.right, line);
    if (E.isLeft(leaf)) return leaf;
    this.#count.add(record);
    if (this.manifest.kind === 'party') this.#party.add(record);
    return E.right(record);
  }

  /** All lines have been taken. */
  end(): Checked<void> {
    const { manifest } = this;
    const counted = this.#count.counted();
    if (counted.events !== manifest.events)
      return exportFault(EVENTS_FILE, '', `${counted.events} lines`, `${manifest.events} lines`);
    const [file] = manifest.files;
    const sha256 = this.#hash.digest('hex');
    if (file?.bytes !== this.#bytes)
      return exportFault(EVENTS_FILE, '', `${this.#bytes} bytes`, `${file?.bytes ?? 0} bytes`);
    if (file.sha256 !== sha256) return exportFault(EVENTS_FILE, '', `sha-256 ${sha256}`, file.sha256);
    for (const field of ['facts', 'streams', 'types', 'first', 'last'] as const)
      if (!isSame(counted[field], manifest[field]))
        return exportFault(
          MANIFEST_FILE,
          field,
          manifest[field],
          `${JSON.stringify(counted[field])}, as the events have it`,
        );
    return manifest.kind === 'log' ? this.#wholeTree() : this.#part();
  }

  #leaf({ record, leaf }: ExportedRecord, line: number): Checked<void> {
    if (isMarkedAsOwn(record) && this.#count.isFact(record.type))
      return exportFault(
        EVENTS_FILE,
        'afectostream',
        record.streamId,
        'no fact, which no root would cover there',
        line,
      );
    if (isMarkedAsOwn(record))
      return leaf === null
        ? E.right(undefined)
        : exportFault(EVENTS_FILE, 'afectoindex', leaf.index, 'nothing: it is no leaf', line);
    if (leaf === null) return exportFault(EVENTS_FILE, 'afectoleaf', undefined, 'the hash of its leaf', line);
    const hash = this.#encoder.hash(record);
    if (leaf.hash !== hash)
      return exportFault(
        EVENTS_FILE,
        'afectoleaf',
        toBase64(leaf.hash),
        `${toBase64(hash)}, the leaf of event ${record.id}`,
        line,
      );
    if (this.manifest.kind === 'party') {
      const before = this.#leaves.at(-1)?.index ?? -1;
      if (leaf.index <= before) return exportFault(EVENTS_FILE, 'afectoindex', leaf.index, `more than ${before}`, line);
      this.#leaves.push({ index: leaf.index, hash });
      return E.right(undefined);
    }
    const { size } = this.#frontier;
    if (leaf.index !== size) return exportFault(EVENTS_FILE, 'afectoindex', leaf.index, String(size), line);
    if (size === 0) this.#origin = originOf(record.id);
    this.#frontier.push(hash);
    if (this.checkpoint?.checkpoint.size === this.#frontier.size) this.#rootOfCheckpoint = this.#frontier.root();
    return E.right(undefined);
  }

  #wholeTree(): Checked<void> {
    const { tree } = this.manifest;
    const { size } = this.#frontier;
    const root = toBase64(this.#frontier.root());
    if (size !== tree.size) return exportFault(MANIFEST_FILE, 'tree.size', tree.size, String(size));
    if (root !== tree.root)
      return exportFault(MANIFEST_FILE, 'tree.root', tree.root, `${root}, the root of the events`);
    const signed = this.checkpoint?.checkpoint;
    if (signed === undefined || (signed.root === this.#rootOfCheckpoint && signed.origin === this.#origin))
      return E.right(undefined);
    return exportFault(
      MANIFEST_FILE,
      'checkpoint',
      `${signed.origin}, ${signed.size} events, root ${toBase64(signed.root)}`,
      'a checkpoint of these events',
    );
  }

  #part(): Checked<void> {
    const other = this.#party.fault(this.manifest);
    if (other !== null)
      return other.at === null
        ? exportFault(MANIFEST_FILE, 'party', other.found, other.expected)
        : exportFault(EVENTS_FILE, '', other.found, other.expected, other.at + 1);
    const { size, root } = this.manifest.tree;
    const signed = this.checkpoint?.checkpoint;
    if (signed !== undefined && (signed.size !== size || toBase64(signed.root) !== root))
      return exportFault(MANIFEST_FILE, 'tree', `${size} events, root ${root}`, 'size and root of the checkpoint');
    const hashes = (this.proof?.hashes ?? []).map((hash) => hashFromBase64(hash) ?? '');
    const proved = rootOfPart(
      this.#leaves.filter(({ index }) => index < size),
      size,
      hashes,
    );
    return proved !== null && toBase64(proved) === root
      ? E.right(undefined)
      : exportFault(
          PROOF_FILE,
          'hashes',
          proved === null ? 'hashes that do not fit the events' : `root ${toBase64(proved)}`,
          `root ${root}`,
        );
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
