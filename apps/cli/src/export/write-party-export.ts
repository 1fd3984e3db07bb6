import { join } from 'node:path';
import {
  type BelievedCheckpoint,
  EVENTS_FILE,
  type ExportManifest,
  ExportSummary,
  isMarkedAsOwn,
  type PartyEvents,
  partProof,
  type PartProofFile,
  PROOF_FILE,
  toBase64,
  type TreeFile,
} from '@afecto/audit';
import { createHash } from 'node:crypto';
import { isFactType } from '@afecto/domain';
import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { writeWhole } from './output-file';
import { type ExportOptions, writeEvents } from './write-events';
import { manifestHead, writeManifest, type Written } from './write-export';

export interface PartyExportOptions extends ExportOptions {
  readonly partyId: string;
  readonly party: PartyEvents;
  /** The whole log's. */
  readonly tree: TreeFile;
  /** The newest checkpoint; null: there is none, and the proof leads to a root that nobody has signed. */
  readonly newest: BelievedCheckpoint | null;
}

async function* chosen(
  pages: AsyncIterable<ReadonlyArray<EncodedRecord>>,
  { isAbout, isNeeded }: PartyEvents,
  onAbout: () => void,
): AsyncGenerator<ReadonlyArray<EncodedRecord>, void, void> {
  for await (const page of pages) {
    const ours: EncodedRecord[] = [];
    for (const record of page) {
      if (isMarkedAsOwn(record)) continue;
      const about = isAbout(record);
      if (about) onAbout();
      if (about || isNeeded(record)) ours.push(record);
    }
    yield ours;
  }
}

/**
 * Writes the events of one party, at the places that they have in the log, with the proof that they are in
 * it. Throws `OutputError`.
 */
export const writePartyExport = async (folder: string, options: PartyExportOptions): Promise<Written> => {
  const { partyId, party, tree, newest } = options;
  const signed = newest?.signed ?? null;
  const size = signed?.checkpoint.size ?? tree.size;
  if (size > tree.size || (signed !== null && tree.root(size) !== signed.checkpoint.root))
    return E.left('The newest checkpoint is not one of this log as it is; see: afecto verify');
  const summary = new ExportSummary(isFactType);
  const indexes: number[] = [];
  let about = 0;
  const problem = await writeEvents(
    folder,
    summary,
    (record) => {
      const index = tree.indexOf(record.position);
      if (index === null) throw new Error(`The tree of the log has no leaf for event ${record.id}.`);
      indexes.push(index);
      return summary.leafOf(record, index);
    },
    { ...options, records: chosen(options.records, party, () => (about += 1)) },
  );
  if (problem !== null) return problem === 'interrupted' ? E.right(null) : E.left(problem);
  if (about === 0) return E.left(`The log has no event of party "${partyId}".`);
  const root = toBase64(tree.root(size));
  const proof: PartProofFile = {
    format: 'afecto-part-v1',
    size,
    root,
    hashes: partProof(
      tree,
      indexes.filter((index) => index < size),
      size,
    ).map(toBase64),
  };
  const text = `${JSON.stringify(proof, null, 2)}\n`;
  await writeWhole(join(folder, PROOF_FILE), text);
  const file = {
    name: PROOF_FILE,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const manifest: ExportManifest = {
    ...manifestHead(options.at),
    kind: 'party',
    party: { id: partyId, members: party.members },
    files: [summary.file(EVENTS_FILE), file],
    ...summary.count.counted(),
    tree: { size, root },
    checkpoint: signed?.note ?? null,
    publicKey: signed === null ? null : (newest?.publicKey ?? null),
  };
  await writeManifest(folder, manifest);
  return E.right(manifest);
};
