import { openReadOnlyStore } from '@afecto/application';
import { type ExportManifest, lastCheckpoint } from '@afecto/audit';
import { type EventStore, withoutCredentials } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { keptIn, keptRecords, partOf } from '../export/kept-records';
import { partyEventsIn } from '../export/party-events';
import { unfinishedFolder, whyTaken } from '../export/unfinished-folder';
import type { ExportOptions } from '../export/write-events';
import { writeLogExport, type Written } from '../export/write-export';
import { writePartyExport } from '../export/write-party-export';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome, unwritten } from './outcome';
import { wholeTree } from './proof-tree';
import { existingStore } from './store-file';

export interface ExportLogOptions {
  /** A folder that does not exist yet, or is empty. */
  readonly folder: string;
  /** One party's events instead of the whole log. */
  readonly party?: string;
  readonly signal: AbortSignal;
}

const told = ({ events, facts, files, tree, checkpoint, party }: ExportManifest, folder: string): string => {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const whose = party === null ? '' : ` of ${party.members.join(', ')}`;
  const covered = checkpoint === null ? ', which no checkpoint covers' : '';
  return (
    `${counted(events, 'event')}${whose} in ${folder}, of which ${counted(facts, 'fact')}; ${counted(bytes, 'byte')}\n` +
    `${party === null ? '' : 'proved to be in the log of '}root ${tree.root} of ${counted(tree.size, 'event')}${covered}`
  );
};

const exportParty = async (
  settings: CommandSettings,
  kept: EventStore,
  folder: string,
  partyId: string,
  options: ExportOptions,
): Promise<Written> => {
  const party = await partyEventsIn(kept, partyId);
  const { newest } = await lastCheckpoint(kept, null);
  const whole = await wholeTree(settings, kept, options.signal);
  if (whole === null) return E.right(null);
  try {
    return await writePartyExport(folder, { ...options, partyId, party, tree: whole.tree, newest });
  } finally {
    whole.close();
  }
};

/**
 * Writes the log as it is kept, personal fields sealed, into a folder from which `import` makes the same
 * log: `events.ndjson`, and last `manifest.json`. The folder has its name only when it is complete.
 */
export const exportKept = async (settings: CommandSettings, options: ExportLogOptions): Promise<Outcome> => {
  const { folder, party, signal } = options;
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const taken = whyTaken(folder);
  if (taken !== null) return failed(taken);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const line = progressLine('export', !settings.json);
  try {
    const kept = keptIn(store);
    if (partOf(kept) !== null)
      return denied(`${withoutCredentials(settings.eventStore)} holds a part of a log: there is no log to export.`);
    const unfinished = await unfinishedFolder(folder);
    try {
      const head = await kept.head();
      const started = performance.now();
      const writing: ExportOptions = {
        records: keptRecords(kept, head),
        at: settings.now(),
        signal,
        onProgress: (events, position) =>
          line.update(Number(position), Number(head), `${counted(events, 'event')}, ${rate(events, started)}`),
      };
      const written =
        party === undefined
          ? await writeLogExport(unfinished.path, writing)
          : await exportParty(settings, kept, unfinished.path, party, writing);
      if (E.isLeft(written)) return denied(written.left);
      if (written.right === null) return interrupted(`Interrupted: ${folder} was not written.`);
      await unfinished.finish();
      line.end();
      return done(settings.json ? json({ folder, ...written.right }) : told(written.right, folder));
    } finally {
      await unfinished.abandon();
    }
  } catch (error) {
    return unwritten(error);
  } finally {
    line.end();
    await store.close();
  }
};
