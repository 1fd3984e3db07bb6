import { openReadOnlyStore } from '@afecto/application';
import { isMarkedAsOwn } from '@afecto/audit';
import { decodeStored, isFactType } from '@afecto/domain';
import { type EventStore, StoreDamagedError } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { partOf } from '../export/kept-records';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine, type ProgressLine } from '../terminal/progress';
import { type Finding, finding } from './verify-finding';

const CHECK = 'facts';

const decoded = async (store: EventStore, line: ProgressLine, signal: AbortSignal): Promise<Finding> => {
  const head = Number(await store.head());
  const streams = new Set<string>();
  const started = performance.now();
  let facts = 0;
  for await (const page of store.readAll()) {
    for (const event of page) {
      streams.add(event.streamId);
      if (!isFactType(event.type)) continue;
      facts += 1;
      if (isMarkedAsOwn(event))
        return finding(
          CHECK,
          false,
          `event ${event.id} at position ${event.position}: a fact in stream ${event.streamId}, which no root covers`,
        );
      const fact = decodeStored(event);
      if (E.isRight(fact)) continue;
      const problems = fact.left.map(({ path, message }) => `${path} ${message}`).join('; ');
      return finding(CHECK, false, `event ${event.id} at position ${event.position}: ${problems}`);
    }
    line.update(Number(page.at(-1)?.position ?? 0n), head, rate(facts, started));
    if (signal.aborted) return finding(CHECK, false, 'interrupted');
  }
  // Of a part of a log the streams need not be whole.
  const whole = partOf(store) !== null ? '' : ' without gaps';
  return finding(CHECK, true, `${counted(facts, 'fact')} decode, ${counted(streams.size, 'stream')}${whole}`);
};

/** Decodes every fact of the log with the codecs, as any reader of the store gets it. */
export const checkFacts = async (settings: CommandSettings, signal: AbortSignal): Promise<Finding> => {
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return finding(CHECK, false, opened.left.message);
  const line = progressLine('decoding', !settings.json);
  try {
    return await decoded(opened.right, line, signal);
  } catch (error) {
    if (!(error instanceof StoreDamagedError)) throw error;
    return finding(CHECK, false, error.message);
  } finally {
    line.end();
    await opened.right.close();
  }
};
