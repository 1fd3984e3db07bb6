import type { History } from './call';
import { digestAfter, EMPTY_DIGEST } from './digest';
import type { KnownLog } from './known-log';
import type { Violation } from './violation';

/**
 * Whether each projection held, at each commit and at each start, exactly what the log has up to its
 * checkpoint, and never less than it had held before.
 */
export function* checkProjections(history: History, log: KnownLog): Generator<Violation> {
  const projections = history.filter((call) => call.kind === 'projection');
  if (projections.length === 0) return;
  const digests = [EMPTY_DIGEST];
  for (const { id } of log.events) digests.push(digestAfter(digests.at(-1) ?? EMPTY_DIGEST, id));
  const reached = new Map<string, { readonly position: number; readonly call: string }>();
  for (const { name, states, awaited, call } of projections) {
    const differs = (explanation: string, ...others: ReadonlyArray<string>): Violation => ({
      kind: 'projectionDiffers',
      subject: name,
      explanation,
      calls: [...others, call],
    });
    for (const { position, count, digest } of states) {
      const before = reached.get(name);
      if (before !== undefined && position < before.position)
        yield differs(`${name} is at ${position} and was at ${before.position} in ${before.call}`, before.call);
      reached.set(name, { position, call });
      const events = log.indexAt(position) + 1;
      if (count !== events) yield differs(`${name} holds ${count} events up to ${position}; the log has ${events}`);
      else if (digest !== digests[events])
        yield differs(`${name} holds other events up to ${position} than the log, or in another order`);
    }
    const last = states.at(-1)?.position ?? 0;
    if (awaited !== null && log.indexAt(last) < log.indexAt(awaited))
      yield differs(`${name} was waited for up to ${awaited} and has reached ${last}`);
  }
}
