import type { Intake } from '@afecto/application';
import * as E from 'fp-ts/Either';
import type { ImportSource } from '../import';
import { count, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';

/** Facts handed to the store at once, and durable together. */
const FACTS_A_CALL = 500;
/** Reasons of refusal kept for the report; the quarantine has all. */
const REASONS_SHOWN = 5;

export interface Imported {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Why the first facts were refused. */
  readonly reasons: ReadonlyArray<{ readonly id: string | null; readonly code: string; readonly message: string }>;
  /** Latest `time` of a fact that was not refused; null when there was none. */
  readonly endsAt: string | null;
  readonly interrupted: boolean;
  readonly seconds: number;
}

const timeOf = (fact: unknown): string | null =>
  typeof fact === 'object' && fact !== null && 'time' in fact && typeof fact.time === 'string' ? fact.time : null;

/** `message` is for the person; what was counted before is durable. */
export interface ImportFailure {
  readonly message: string;
}

/**
 * Takes all facts of a source in, in calls of some hundred, each durable before the next. An
 * interruption ends between two calls; the same import again continues, because repeats are harmless.
 */
export const takeIn = async (
  intake: Intake,
  source: Pick<ImportSource<unknown>, 'facts' | 'progress'>,
  { shown, signal }: { readonly shown: boolean; readonly signal: AbortSignal },
): Promise<E.Either<ImportFailure, Imported>> => {
  const started = performance.now();
  const line = progressLine('facts in', shown);
  const reasons: Imported['reasons'][number][] = [];
  let [accepted, duplicates, rejected] = [0, 0, 0];
  let endsAt: string | null = null;
  let call: unknown[] = [];
  const flush = async (): Promise<string | null> => {
    const facts = call;
    const result = await intake.accept(facts);
    call = [];
    if (E.isLeft(result)) return result.left.message;
    const refused = new Set(result.right.rejected.map(({ index }) => index));
    for (const [index, fact] of facts.entries()) {
      const time = refused.has(index) ? null : timeOf(fact);
      if (time !== null && (endsAt === null || Date.parse(time) > Date.parse(endsAt))) endsAt = time;
    }
    accepted += result.right.accepted;
    duplicates += result.right.duplicates;
    rejected += result.right.rejected.length;
    for (const { id, code, errors } of result.right.rejected.slice(0, REASONS_SHOWN - reasons.length))
      reasons.push({ id, code, message: errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; ') });
    const { readBytes, totalBytes } = source.progress();
    const taken = accepted + duplicates + rejected;
    line.update(totalBytes === null ? taken : readBytes, totalBytes, `${count(taken)} facts, ${rate(taken, started)}`);
    return null;
  };
  const imported = (): Imported => ({
    accepted,
    duplicates,
    rejected,
    reasons,
    endsAt,
    interrupted: signal.aborted,
    seconds: (performance.now() - started) / 1_000,
  });
  try {
    for await (const fact of source.facts) {
      if (signal.aborted) break;
      call.push(fact);
      if (call.length < FACTS_A_CALL) continue;
      const failure = await flush();
      if (failure !== null) return E.left({ message: failure });
    }
    const failure = signal.aborted ? null : await flush();
    if (failure !== null) return E.left({ message: failure });
  } catch (error) {
    if (signal.aborted) return E.right(imported());
    const cause = error instanceof Error ? error.message : String(error);
    return E.left({
      message: `The input cannot be read any further: ${cause}. ${count(accepted)} facts of it are in the store.`,
    });
  } finally {
    line.end();
  }
  return E.right(imported());
};
