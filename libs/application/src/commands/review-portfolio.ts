import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Buyer, buyerOf, fitModels, inTurns, modelsOfReview } from '@afecto/analytics';
import {
  composeReview,
  contactable,
  domainError,
  eventIdOf,
  factFromStored,
  factKeyOf,
  type Instant,
  policyAt,
  type PortfolioReviewed,
  type ReviewRow,
  reviewRowOf,
  toIso,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { ProjectionEngine } from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { customersAt } from '../queries/population';
import {
  COMMAND_SOURCE,
  type CommandCall,
  type CommandExecutor,
  type CommandFailure,
  type CommandOutcome,
} from './executor';

export interface ReviewCall extends Pick<CommandCall, 'commandId' | 'actor' | 'expectedRevision' | 'occurredAt'> {
  /** The population's instant; default when it happened. */
  readonly asOf?: Instant;
  readonly onProgress?: (customers: number) => void;
}

/**
 * Composes the portfolio review of the population as of an instant (`domain.md §6`) with the models of
 * buying and spending fitted to it (`§13.1`, `§13.2`; absent where unavailable), and records it. Reads
 * every customer once: minutes for a million. Others have their turn meanwhile.
 */
export type ReviewPortfolio = (call: ReviewCall) => Promise<E.Either<CommandFailure, CommandOutcome>>;

export interface ReviewPortfolioOptions {
  readonly commands: CommandExecutor;
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly engine: ProjectionEngine;
  readonly now: () => Instant;
  readonly upToDate: () => Promise<void>;
}

const clamped = (minor: number): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, Math.round(minor)));

/**
 * Each amount of a fact is a safe integer, their sums need not be. A cut beyond that is put at the end of the
 * range: whoever lies beyond it is still on the same side, and one sender's amounts keep no review from being made.
 */
const withinBounds = (review: PortfolioReviewed): PortfolioReviewed => {
  const { tierCuts, heavyCut } = review;
  const tierCut = (cut: PortfolioReviewed['tierCuts']['gold']): PortfolioReviewed['tierCuts']['gold'] =>
    cut && { ...cut, cm365Minor: clamped(cut.cm365Minor) };
  return {
    ...review,
    tierCuts: { platinum: tierCut(tierCuts.platinum), gold: tierCut(tierCuts.gold) },
    heavyCut: heavyCut && { ...heavyCut, m365Minor: clamped(heavyCut.m365Minor) },
  };
};

/** Older logs have what was composed, not what was asked. Null: this key composed no review of the instant. */
const composedBefore = async (
  store: EventStore,
  commands: CommandExecutor,
  call: Omit<ReviewCall, 'asOf' | 'onProgress'>,
  asOf: Instant | undefined,
): Promise<E.Either<CommandFailure, CommandOutcome> | null> => {
  const event = await store.findById(eventIdOf(COMMAND_SOURCE, factKeyOf(call.commandId, 0)));
  const fact = event?.type === 'PortfolioReviewed' ? factFromStored(event) : null;
  if (fact?.type !== 'PortfolioReviewed' || (asOf !== undefined && fact.data.asOf !== toIso(asOf))) return null;
  const composed = await commands.earlier({ ...call, name: 'ReviewPortfolio', body: fact.data });
  return composed !== null && E.isRight(composed) ? composed : null;
};

export const createReviewPortfolio =
  ({ commands, readModels, store, engine, now, upToDate }: ReviewPortfolioOptions): ReviewPortfolio =>
  async ({ asOf: said, onProgress, ...call }) => {
    const named = { ...call, name: 'ReviewPortfolio', said: said === undefined ? {} : { asOf: toIso(said) } };
    // Before it is composed: later it would be another one.
    const earlier = await commands.earlier({ ...named, body: named.said });
    if (earlier !== null)
      return E.isRight(earlier) ? earlier : ((await composedBefore(store, commands, call, said)) ?? earlier);
    const asOf = said ?? Math.min(call.occurredAt ?? now(), now());
    if (asOf > now())
      return E.left(
        domainError('OccurredInFuture', `asOf must not be later than now (${toIso(now())}); got ${toIso(asOf)}`, {
          path: '/asOf',
        }),
      );
    await upToDate();
    const world = engine.world.asOf(asOf, Number.MAX_SAFE_INTEGER);
    const policy = policyAt(world.regime, asOf);
    const rows: ReviewRow[] = [];
    const buyers: Buyer[] = [];
    for await (const { evidence, standing } of customersAt(readModels, store, world, asOf)) {
      const row = reviewRowOf(evidence, policy, asOf, {
        phase: standing.lifecycle.phase,
        tier: standing.value.tier,
        zone: standing.loyalty.zone,
        reachable: contactable(evidence, 'marketing', asOf),
      });
      rows.push(row);
      const buyer = row.excluded ? null : buyerOf(evidence, asOf);
      if (buyer !== null) buyers.push(buyer);
      if (rows.length % 1_000 === 0) onProgress?.(rows.length);
    }
    onProgress?.(rows.length);
    const models = modelsOfReview(await inTurns(fitModels(buyers), nextTurn));
    const body = { ...withinBounds(composeReview(rows, asOf, policy.configuration)), ...models };
    return commands.execute({ ...named, body });
  };
