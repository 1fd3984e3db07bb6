import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { ExportCheck } from '../export/export-check';
import { ExportSummary } from '../export/export-summary';
import {
  EVENTS_FILE,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportFault,
  type ExportManifest,
  type PartProofFile,
} from '../export/manifest';
import { partProof } from '../export/part-proof';
import { LEAF_VERSION } from '../leaf/leaf-bytes';
import { Frontier } from '../merkle/frontier';
import { type Hash, toBase64 } from '../merkle/hash';

const AT = Date.UTC(2025, 2, 1, 12);

export const isFact = (type: string): boolean => type === 'OrderPlaced';

/** Events of three streams, with two gaps in their positions and one that is a server's own. */
export const someRecords = (): ReadonlyArray<EncodedRecord> =>
  Array.from({ length: 9 }, (_, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    type: index === 4 ? '$metadata' : index % 2 === 0 ? 'OrderPlaced' : 'Noted',
    streamId: `order-${index % 3}`,
    revision: Math.floor(index / 3),
    position: BigInt(index + (index > 5 ? 20 : 1)),
    recordedAt: AT + index * 1_000,
    isJson: true,
    data: Buffer.from(`{"amount":${index}}`),
    metadata: Buffer.from(`{"occurredAt":"2025-03-01T10:00:0${index}.000Z","subjects":["ana"]}`),
  }));

/** An export in memory. */
export interface GivenExport {
  readonly lines: ReadonlyArray<string>;
  readonly manifest: ExportManifest;
  readonly proof: PartProofFile | null;
}

/** @param chosen which of the events go into it, as a part; default all of them, as a log */
export const anExport = (
  records: ReadonlyArray<EncodedRecord> = someRecords(),
  chosen?: (record: EncodedRecord) => boolean,
): GivenExport => {
  const summary = new ExportSummary(isFact);
  const tree = new Frontier();
  const nodes = new Map<string, Hash>();
  const lines: string[] = [];
  const indexes: number[] = [];
  for (const record of records) {
    const leaf = summary.leafOf(record, tree.size);
    if (leaf !== null) tree.push(leaf.hash, (level, index, hash) => nodes.set(`${level} ${index}`, hash));
    if (chosen !== undefined && (leaf === null || !chosen(record))) continue;
    if (leaf !== null) indexes.push(leaf.index);
    lines.push(summary.line(record, leaf).toString());
  }
  const { size } = tree;
  const root = toBase64(tree.root());
  const node = (level: number, index: number): Hash => nodes.get(`${level} ${index}`) ?? '';
  const hashes = partProof({ node }, indexes, size).map(toBase64);
  const events = summary.file(EVENTS_FILE);
  return {
    lines,
    proof: chosen === undefined ? null : { format: 'afecto-part-v1', size, root, hashes },
    manifest: {
      format: EXPORT_FORMAT,
      version: EXPORT_VERSION,
      kind: chosen === undefined ? 'log' : 'party',
      party: chosen === undefined ? null : { id: 'ana', members: ['ana'] },
      exportedAt: '2025-03-02T00:00:00.000Z',
      leaf: LEAF_VERSION,
      files: [events],
      ...summary.count.counted(),
      tree: { size, root },
      checkpoint: null,
      publicKey: null,
    },
  };
};

/** What is wrong with an export; null: nothing. */
export const faultOf = ({ lines, manifest, proof }: GivenExport): ExportFault | null => {
  const check = ExportCheck.of(manifest, proof, isFact);
  if (E.isLeft(check)) return check.left;
  for (const line of lines) {
    const taken = check.right.take(Buffer.from(line));
    if (E.isLeft(taken)) return taken.left;
  }
  const ended = check.right.end();
  return E.isLeft(ended) ? ended.left : null;
};
