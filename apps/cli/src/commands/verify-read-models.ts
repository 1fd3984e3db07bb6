import { existsSync } from 'node:fs';
import { type Comparison, compareReadModels, openReadOnlyStore } from '@afecto/application';
import { build, isOtherVersion, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, presentFile, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { buildBars } from '../terminal/build-bars';
import { counted } from '../terminal/numbers';
import { json } from './outcome';
import { type Finding, finding as findingOf } from './verify-finding';

/** Replays the log in memory up to where the read models are and compares; null: interrupted. */
const compareWithReplay = async (
  settings: CommandSettings,
  live: ReadModels,
  signal: AbortSignal,
): Promise<E.Either<{ readonly message: string }, Comparison | null>> => {
  const checkpoint = await live.checkpoint();
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const memory = openSqliteReadModels(':memory:');
  if (E.isLeft(memory)) return memory;
  const replayed = memory.right;
  try {
    const { horizon, position } = checkpoint ?? { horizon: settings.now(), position: 0n };
    const bars = buildBars(!settings.json);
    const complete = await build(store, replayed, {
      now: horizon,
      until: position,
      signal,
      onProgress: bars.onProgress,
    });
    bars.end();
    if (!complete) return E.right(null);
    await (await ProjectionEngine.over(replayed, store)).advanceTo(horizon);
    return E.right(await compareReadModels(live, replayed));
  } finally {
    await store.close();
    await replayed.close();
  }
};

const finding = (ok: boolean, detail: string): Finding => findingOf('read models', ok, detail);

/** Whether nothing was written since. */
const isUnchanged = async ({ readModels }: CommandSettings, then: ReadModels): Promise<boolean> => {
  const opened = openSqliteReadModels(readModels);
  if (E.isLeft(opened)) return true;
  const now = await opened.right.checkpoint();
  await opened.right.close();
  return json(now) === json(await then.checkpoint());
};

/** `isFinal`: another comparison would find the same. */
interface Checked extends Finding {
  readonly isFinal: boolean;
}

/** The rows as they are at this moment, whatever a server writes while we compare. */
const checkedNow = async (settings: CommandSettings, signal: AbortSignal): Promise<Checked> => {
  const final = (ok: boolean, detail: string): Checked => ({ ...finding(ok, detail), isFinal: true });
  const opened = openSqliteReadModels(settings.readModels, { snapshot: true });
  if (E.isLeft(opened))
    return opened.left.code === 'OtherLayout'
      ? final(true, 'those of another version; the next start builds them anew')
      : final(false, opened.left.message);
  const live = opened.right;
  try {
    if (await isOtherVersion(live)) return final(true, 'those of other rules; the next start builds them anew');
    if (await needsBuild(live)) return final(true, 'they are not complete; the next start finishes them');
    const compared = await compareWithReplay(settings, live, signal);
    if (E.isLeft(compared)) return final(false, compared.left.message);
    const comparison = compared.right;
    if (comparison === null) return final(false, 'interrupted');
    if (comparison.equal)
      return final(
        true,
        `${counted(comparison.lines, 'row')} equal to a replay byte for byte, sha-256 ${comparison.hash}`,
      );
    const { live: ours, rebuilt } = comparison.first[0] ?? { live: null, rebuilt: null };
    const found = finding(
      false,
      `they differ from a replay in ${counted(comparison.differences, 'row')}; make them anew with: afecto rebuild\n` +
        `          live     ${ours ?? '(end)'}\n          replayed ${rebuilt ?? '(end)'}`,
    );
    return { ...found, isFinal: await isUnchanged(settings, live) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return final(
      false,
      `${presentFile(settings.readModels)} cannot be read (${error.message}); delete it, it is built again`,
    );
  } finally {
    await live.close();
  }
};

/** The stored rows equal those of a fresh replay, byte for byte. */
export const checkReadModels = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  if (!existsSync(presentFile(settings.readModels))) return finding(true, 'there are none; the next start builds them');
  const { isFinal, ...first } = await checkedNow(settings, signal);
  if (isFinal) return first;
  // Keys may have been destroyed between the rows and their replay.
  const { check, ok, detail } = await checkedNow(settings, signal);
  return { check, ok, detail };
};
