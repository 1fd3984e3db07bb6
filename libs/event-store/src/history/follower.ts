import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../port';
import { openProjection } from './projection';
import type { Shared } from './workload';

/** Follows the log into a projection on a disk, from the checkpoint that lies there. */
export const follower =
  (file: string) =>
  async (name: string, shared: Shared): Promise<void> => {
    const { recorder } = shared;
    const store = shared.storeOf(name);
    const projection = openProjection(file);
    const call = recorder.invoke(name, { kind: 'projection', name: 'projection' });
    const ended = new AbortController();
    const timer = new AbortController();
    let goal: Position | null = null;
    let awaited: Position | null = null;
    try {
      const start = projection.state();
      recorder.write({ entry: 'projected', call, state: start });
      let looked = BigInt(start.position);
      void shared.goal.then(async (position) => {
        goal = position;
        if (looked >= position) ended.abort();
        await pause(shared.options.patienceMs, undefined, { signal: timer.signal }).catch(() => undefined);
        ended.abort();
      });
      for await (const message of store.subscribe({ after: looked, pageSize: 40, signal: ended.signal })) {
        if (message.kind === 'events')
          recorder.write({ entry: 'projected', call, state: projection.take(message.events) });
        const last = message.kind === 'events' ? message.events.at(-1)?.position : message.position;
        if (last !== undefined && last > looked) looked = last;
        if (goal !== null && looked >= goal) break;
      }
      awaited = goal;
    } finally {
      timer.abort();
      recorder.write({ entry: 'over', call, awaited: awaited === null ? null : Number(awaited) });
      projection.close();
    }
  };
