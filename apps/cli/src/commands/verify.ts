import { existsSync } from 'node:fs';
import { type Comparison, compareReadModels, openReadOnlyStore } from '@afecto/application';
import { decodeStored, isFactType } from '@afecto/domain';
import { parseStoreUrl, verifySqliteEventStore } from '@afecto/event-store';
import { build, isOtherVersion, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, presentFile, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { buildBars } from '../terminal/build-bars';
import { colours } from '../terminal/colours';
import { progressLine } from '../terminal/progress';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { existingStore } from './store-file';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Decodes every event with the codecs, and checks that positions and revisions have no gap. */
const checkEvents = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return { check: 'facts', ok: false, detail: opened.left.message };
  const store = opened.right;
  const head = Number(await store.head());
  const revisions = new Map<string, number>();
  const line = progressLine('decoding', !settings.json);
  const started = performance.now();
  let last = 0n;
  let facts = 0;
  let problem: string | null = null;
  for await (const page of store.readAll()) {
    for (const event of page) {
      const at = `event ${event.id} at position ${event.position}`;
      if (event.position <= last) problem ??= `${at} does not follow position ${last}`;
      last = event.position;
      const expected = (revisions.get(event.streamId) ?? -1) + 1;
      if (event.revision !== expected)
        problem ??= `${at} has revision ${event.revision} of ${event.streamId}, expected ${expected}`;
      revisions.set(event.streamId, event.revision);
      if (!isFactType(event.type)) continue;
      facts += 1;
      const decoded = decodeStored(event);
      if (E.isLeft(decoded))
        problem ??= `${at}: ${decoded.left.map(({ path, message }) => `${path} ${message}`).join('; ')}`;
    }
    line.update(Number(last), head, rate(facts, started));
    if (problem !== null || signal.aborted) break;
  }
  line.end();
  await store.close();
  if (signal.aborted) return { check: 'facts', ok: false, detail: 'interrupted' };
  return problem === null
    ? {
        check: 'facts',
        ok: true,
        detail: `${counted(facts, 'fact')} decode, ${counted(revisions.size, 'stream')} without gaps`,
      }
    : { check: 'facts', ok: false, detail: problem };
};

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

const checkReadModels = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const check = 'read models';
  const finding = (ok: boolean, detail: string): Finding => ({ check, ok, detail });
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

const checkFile = (settings: CommandSettings): Finding => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return { check: 'log file', ok: false, detail: location.left.message };
  if (location.right.engine === 'eventstoredb')
    return { check: 'log file', ok: true, detail: 'the files are the server’s own, and so is checking them' };
  const verified = verifySqliteEventStore(location.right.file);
  return E.isLeft(verified)
    ? { check: 'log file', ok: false, detail: verified.left.message }
    : {
        check: 'log file',
        ok: true,
        detail: `${counted(verified.right.events, 'event')}; every page, index and checksum is whole`,
      };
};

/** Trusts nothing: the file, every event, and the read models against a replay. Writes nothing. */
export const verify = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const findings: Finding[] = [checkFile(settings)];
  if (findings[0]?.ok === true)
    findings.push(await checkEvents(settings, signal), await checkReadModels(settings, signal));
  if (signal.aborted) return interrupted('Interrupted; nothing was changed.');
  const ok = findings.every((finding) => finding.ok);
  const { green, red } = colours;
  const text = settings.json
    ? json({ ok, findings })
    : findings
        .map(({ check, ok: good, detail }) => `${good ? green('ok    ') : red('FAILED')}  ${check}: ${detail}`)
        .join('\n');
  return ok ? done(text) : refused(text);
};
