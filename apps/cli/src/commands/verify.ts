import { existsSync } from 'node:fs';
import { openReadOnlyStore } from '@afecto/application';
import { decodeStored, isFactType } from '@afecto/domain';
import { parseStoreUrl, verifySqliteEventStore } from '@afecto/event-store';
import { build, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { compareReadModels } from './compare';
import { done, failed, json, type Outcome, refused } from './outcome';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Decodes every event with the codecs, and checks that positions and revisions have no gap. */
const checkEvents = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const opened = openReadOnlyStore(settings);
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
        detail: `${count(facts)} facts decode, ${count(revisions.size)} streams without gaps`,
      }
    : { check: 'facts', ok: false, detail: problem };
};

/** Replays the log in memory and compares with the read models. */
const checkReadModels = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const check = 'read models = replay';
  if (!existsSync(settings.readModels))
    return { check, ok: true, detail: 'there are none; they are built at the next start' };
  const live = openSqliteReadModels(settings.readModels);
  if (E.isLeft(live)) return { check, ok: false, detail: live.left.message };
  const checkpoint = await live.right.checkpoint();
  if (checkpoint === null || (await needsBuild(live.right))) {
    await live.right.close();
    return { check, ok: true, detail: 'they are not complete; they are finished at the next start' };
  }
  const opened = openReadOnlyStore(settings);
  const memory = openSqliteReadModels(':memory:');
  if (E.isLeft(opened)) return { check, ok: false, detail: opened.left.message };
  if (E.isLeft(memory)) return { check, ok: false, detail: memory.left.message };
  const complete = await build(opened.right, memory.right, {
    now: checkpoint.horizon,
    until: checkpoint.position,
    signal,
  });
  await opened.right.close();
  const engine = await ProjectionEngine.over(memory.right);
  await engine.advanceTo(checkpoint.horizon);
  const comparison = complete ? await compareReadModels(live.right, memory.right) : null;
  await live.right.close();
  await memory.right.close();
  if (comparison === null) return { check, ok: false, detail: 'interrupted' };
  return comparison.equal
    ? { check, ok: true, detail: `${count(comparison.lines)} rows equal byte for byte, sha-256 ${comparison.hash}` }
    : {
        check,
        ok: false,
        detail: `row ${comparison.lines}: live ${comparison.first?.live ?? '(end)'}, replayed ${comparison.first?.rebuilt ?? '(end)'}`,
      };
};

const checkFile = (settings: CommandSettings): Finding => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return { check: 'log file', ok: false, detail: location.left.message };
  const verified = verifySqliteEventStore(location.right.file);
  return E.isLeft(verified)
    ? { check: 'log file', ok: false, detail: verified.left.message }
    : {
        check: 'log file',
        ok: true,
        detail: `${count(verified.right.events)} events; every page, index and checksum is whole`,
      };
};

/** Trusts nothing: the file, every event, and the read models against a replay. Writes nothing. */
export const verify = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const findings: Finding[] = [checkFile(settings)];
  if (findings[0]?.ok === true)
    findings.push(await checkEvents(settings, signal), await checkReadModels(settings, signal));
  const ok = findings.every((finding) => finding.ok);
  const text = settings.json
    ? json({ ok, findings })
    : findings.map(({ check, ok: good, detail }) => `${good ? 'ok    ' : 'FAILED'}  ${check}: ${detail}`).join('\n');
  if (findings.length === 1) return failed(text);
  return ok ? done(text) : refused(text);
};
