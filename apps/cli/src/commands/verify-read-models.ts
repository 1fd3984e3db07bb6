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

const hasMoved = async (live: ReadModels, before: string): Promise<boolean> => json(await live.checkpoint()) !== before;

/** A server may write while we compare: then the comparison says nothing, and is made again. */
const ATTEMPTS = 3;

/** The stored rows equal those of a fresh replay, byte for byte. */
export const checkReadModels = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const check = 'read models';
  const finding = (ok: boolean, detail: string): Finding => findingOf(check, ok, detail);
  if (!existsSync(presentFile(settings.readModels))) return finding(true, 'there are none; the next start builds them');
  const opened = openSqliteReadModels(settings.readModels);
  if (E.isLeft(opened))
    return opened.left.code === 'OtherLayout'
      ? finding(true, 'those of another version; the next start builds them anew')
      : finding(false, opened.left.message);
  const live = opened.right;
  try {
    if (await isOtherVersion(live)) return finding(true, 'those of other rules; the next start builds them anew');
    if (await needsBuild(live)) return finding(true, 'they are not complete; the next start finishes them');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = json(await live.checkpoint());
      const compared = await compareWithReplay(settings, live, signal);
      if (E.isLeft(compared)) return finding(false, compared.left.message);
      const comparison = compared.right;
      if (comparison === null) return finding(false, 'interrupted');
      if (comparison.equal)
        return finding(
          true,
          `${counted(comparison.lines, 'row')} equal to a replay byte for byte, sha-256 ${comparison.hash}`,
        );
      if (await hasMoved(live, before)) continue;
      const { live: ours, rebuilt } = comparison.first[0] ?? { live: null, rebuilt: null };
      return finding(
        false,
        `they differ from a replay in ${counted(comparison.differences, 'row')}; make them anew with: afecto rebuild\n` +
          `          live     ${ours ?? '(end)'}\n          replayed ${rebuilt ?? '(end)'}`,
      );
    }
    return finding(false, 'another process changes them all the time; verify when it rests');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return finding(false, `${settings.readModels} cannot be read (${error.message}); delete it, it is built again`);
  } finally {
    await live.close();
  }
};
