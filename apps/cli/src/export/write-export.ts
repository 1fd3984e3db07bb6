import { join } from 'node:path';
import {
  believed,
  type BelievedCheckpoint,
  CHECKPOINT_STREAM,
  checkpointsOf,
  EVENTS_FILE,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportManifest,
  ExportSummary,
  Frontier,
  LEAF_VERSION,
  MANIFEST_FILE,
  toBase64,
} from '@afecto/audit';
import { isFactType, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { writeWhole } from './output-file';
import { type ExportOptions, writeEvents } from './write-events';

/** What became of an export. Left: why it was not made; null: interrupted. */
export type Written = E.Either<string, ExportManifest | null>;

export const writeManifest = (folder: string, manifest: ExportManifest): Promise<void> =>
  writeWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);

/** The fields of every manifest. */
export const manifestHead = (at: number): Pick<ExportManifest, 'format' | 'version' | 'exportedAt' | 'leaf'> => ({
  format: EXPORT_FORMAT,
  version: EXPORT_VERSION,
  exportedAt: toIso(at),
  leaf: LEAF_VERSION,
});

/** Writes a whole log into a folder, event by event, the manifest last. Throws `OutputError`. */
export const writeLogExport = async (folder: string, options: ExportOptions): Promise<Written> => {
  const summary = new ExportSummary(isFactType);
  const tree = new Frontier();
  const checkpoints: BelievedCheckpoint[] = [];
  const problem = await writeEvents(
    folder,
    summary,
    (record) => {
      const leaf = summary.leafOf(record, tree.size);
      if (leaf !== null) tree.push(leaf.hash);
      if (leaf !== null && record.streamId === CHECKPOINT_STREAM)
        checkpoints.push(...checkpointsOf([record]).flatMap((kept) => believed(kept, null) ?? []));
      return leaf;
    },
    options,
  );
  if (problem !== null) return problem === 'interrupted' ? E.right(null) : E.left(problem);
  const newest = checkpoints.at(-1);
  const manifest: ExportManifest = {
    ...manifestHead(options.at),
    kind: 'log',
    party: null,
    files: [summary.file(EVENTS_FILE)],
    ...summary.count.counted(),
    tree: { size: tree.size, root: toBase64(tree.root()) },
    checkpoint: newest?.signed.note ?? null,
    publicKey: newest?.publicKey ?? null,
  };
  await writeManifest(folder, manifest);
  return E.right(manifest);
};
