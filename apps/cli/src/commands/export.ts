import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { openReadOnlyStore } from '@afecto/application';
import { isFactType, toCloudEvent } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { done, failed, type Outcome, refused } from './outcome';

/**
 * Writes all facts of the log, in order, as NDJSON of CloudEvents; `import` of it into an empty store
 * gives the same facts. A file appears under its name only when it is complete.
 */
export const exportLog = async (
  settings: CommandSettings,
  { file, signal }: { readonly file?: string; readonly signal: AbortSignal },
): Promise<Outcome> => {
  const opened = openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const toFile = file !== undefined && file !== '-';
  const out: Writable = toFile ? createWriteStream(`${file}.part`) : process.stdout;
  const head = Number(await store.head());
  const line = progressLine('export', toFile && !settings.json);
  const started = performance.now();
  let facts = 0;
  try {
    for await (const page of store.readAll()) {
      for (const event of page) {
        if (!isFactType(event.type)) continue;
        facts += 1;
        if (!out.write(`${JSON.stringify(toCloudEvent(event))}\n`)) await once(out, 'drain');
      }
      line.update(Number(page.at(-1)?.position ?? 0n), head, rate(facts, started));
      if (signal.aborted) break;
    }
  } finally {
    line.end();
    await store.close();
  }
  if (!toFile) return { text: '', exitCode: signal.aborted ? 1 : 0 };
  await new Promise<void>((resolve, reject) => out.end((error?: Error | null) => (error ? reject(error) : resolve())));
  if (signal.aborted) return refused(`interrupted; ${file}.part holds the first ${count(facts)} facts`);
  await rename(`${file}.part`, file);
  return done(`${count(facts)} facts in ${file}`);
};
