import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  advance,
  type Advanced,
  type CustomerFold,
  foldCustomer,
  foldFacts,
  type Instant,
  membersOf,
  NEVER,
  type ReferredOrder,
  startFold,
} from '@afecto/domain';
import type { CustomerChange } from '@afecto/read-models';
import { customerChangeOf, type StoredBefore } from '../profile/customer-row';
import type { TallyKeys } from '../tally/tally-of';
import {
  factsOfCustomer,
  type FactSource,
  referredBy,
  referredIn,
  referredOrdersOf,
  type World,
} from './customer-facts';
import type { PlacedFact } from './ledger-entry';
import { faultsOf } from './read-fact';

/** How often a fold that fails is tried, each time from the ledger, before its customer is held back. */
export const ATTEMPTS = 3;
/** Prefixes of a history folded in one turn of the event loop. */
const FOLDS_A_TURN = 50;

/** A customer as it is stored, and what that follows from. */
export interface Judged {
  readonly fold: CustomerFold;
  readonly advanced: Advanced;
  readonly change: CustomerChange;
}

/** The first fact with which a customer cannot be folded. */
export interface Failing {
  readonly position: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly error: string;
  /** How often it was tried just now. */
  readonly attempts: number;
}

export interface Resolved {
  /** Null: nothing has happened to it by the horizon, and nothing that is known will. */
  readonly judged: Judged | null;
  /** Set when its facts from there on are left out, because folding them fails. */
  readonly failing: Failing | null;
}

interface Judging {
  readonly world: World;
  readonly horizon: Instant;
  readonly next: Instant;
  readonly keys: TallyKeys;
}

/**
 * What a fold makes of a customer by the horizon. `next`: when the next fact happens that counts for it
 * and is dated ahead. `before`: as it is stored, null when that is not known. Pure; an exception is a
 * bug in a rule, or content that no codec would have let in.
 */
export const judge = (
  fold: CustomerFold,
  { world: { regime }, horizon, next, keys }: Judging,
  before: StoredBefore | null = null,
): Judged => {
  const advanced = advance(fold, regime, horizon);
  const nextChangeAt = Math.min(advanced.nextChangeAt, next);
  return {
    fold,
    advanced,
    change: customerChangeOf(fold.evidence, { ...advanced, nextChangeAt }, regime, keys, before),
  };
};

interface History {
  readonly partyId: string;
  readonly members: ReadonlyArray<string>;
  /** Up to the horizon, in fold order. */
  readonly facts: ReadonlyArray<PlacedFact>;
  readonly referredOrders: ReadonlyArray<ReferredOrder>;
  /** When its next fact happens that is dated ahead. */
  readonly next: Instant;
  /** Orders dated ahead of parties that these facts refer, in order. */
  readonly ordersAhead: ReadonlyArray<ReferredOrder>;
  readonly world: World;
  readonly horizon: Instant;
  readonly keys: TallyKeys;
}

export interface ResolveOptions {
  readonly horizon: Instant;
  /** From where on facts wait because of one that cannot be read; null: they do not. */
  readonly before: bigint | null;
  /** What its tally is counted under. */
  readonly keys: TallyKeys;
  /** Default `ATTEMPTS`. */
  readonly attempts?: number;
}

const historyOf = async (
  root: string,
  world: World,
  source: FactSource,
  { horizon, before, keys }: ResolveOptions,
): Promise<History> => {
  const limits = before === null ? { until: NEVER } : { until: NEVER, before };
  const all = await factsOfCustomer(root, world.links, source, limits);
  const facts = all.filter(({ fact }) => fact.occurredAt <= horizon);
  const next = all.find(({ fact }) => fact.occurredAt > horizon)?.fact.occurredAt ?? NEVER;
  const referred = referredBy(facts.map(({ fact }) => fact));
  const orders = await referredOrdersOf(referred, world.links, source, { until: NEVER });
  const referredOrders = orders.filter(({ at }) => at <= horizon);
  const ordersAhead = orders.slice(referredOrders.length);
  const members = membersOf(world.links, root);
  return { partyId: root, members, facts, referredOrders, next, ordersAhead, world, horizon, keys };
};

/** A fold of some of the facts of a history, with what is known to be ahead of it. */
const judgeIn = ({ world, horizon, next, ordersAhead, keys }: History, fold: CustomerFold): Judged => {
  const referred = ordersAhead.length === 0 ? none : referredIn(fold.evidence);
  const order = ordersAhead.find(({ referredId }) => referred.has(referredId));
  return judge(fold, { world, horizon, keys, next: Math.min(next, order?.at ?? NEVER) });
};
const none: ReadonlySet<string> = new Set();

/** Null when there is nothing to fold and nothing ahead. */
const whole = (history: History, facts = history.facts): Judged | null => {
  const { partyId, members, referredOrders, world, horizon, next } = history;
  if (facts.length === 0) return next === NEVER ? null : judgeIn(history, startFold(partyId, members, world.regime));
  const customer = { partyId, members, facts: facts.map(({ fact }) => fact), referredOrders };
  return judgeIn(history, foldCustomer(customer, world.regime, horizon).fold);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const failingOf = ({ position, fact }: PlacedFact, error: unknown, attempts: number): Failing => {
  // Content that is wrong in itself explains the failure better than the place where it showed.
  const { occurredAt, subjects, schemaVersion, actor, source, id } = fact;
  const metadata = { occurredAt: new Date(occurredAt).toISOString(), subjects, schemaVersion, actor, source, id };
  const { eventId, type, streamId, recordedAt, data } = fact;
  const faults = faultsOf({ id: eventId, type, streamId, recordedAt, data, metadata });
  const message = messageOf(error);
  return { position, eventId, type, attempts, error: faults === '' ? message : `${message} (${faults})` };
};

/**
 * The fact that makes a fold fail: the one with the smallest position of which the fold of all facts up
 * to it fails. Every prefix is tried, because a late fact may mend what an earlier one broke; a fact that
 * follows in order costs no more than when it came.
 */
const firstFailing = async (history: History, failure: unknown, attempts: number): Promise<Failing | null> => {
  const { world, referredOrders } = history;
  const inLog = history.facts.toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
  let fold: CustomerFold | null = null;
  for (const [index, placed] of inLog.entries()) {
    try {
      const grown: CustomerFold | null =
        fold === null ? null : foldFacts(fold, [placed.fact], world.regime, referredOrders);
      if (grown !== null) judgeIn(history, grown);
      fold = grown ?? whole(history, inLog.slice(0, index + 1))?.fold ?? null;
    } catch (error) {
      return failingOf(placed, error, attempts);
    }
    if (index % FOLDS_A_TURN === FOLDS_A_TURN - 1) await nextTurn();
  }
  const last = inLog.at(-1);
  return last === undefined ? null : failingOf(last, failure, attempts);
};

const attempt = (
  history: History,
  facts = history.facts,
): { readonly judged: Judged | null } | { readonly error: unknown } => {
  try {
    return { judged: whole(history, facts) };
  } catch (error) {
    return { error };
  }
};

/**
 * A customer from its ledger, as of the horizon. When folding fails, `attempts` times, the facts from the
 * first failing one on are left out: they wait. A function of the log, the world and the horizon alone,
 * so that whoever asks, live or in a build, gets the same. Only folding is tried: when reading fails, so
 * does this.
 */
export const resolveCustomer = async (
  root: string,
  world: World,
  source: FactSource,
  options: ResolveOptions,
): Promise<Resolved> => {
  const { attempts = ATTEMPTS } = options;
  for (let tried = 1; ; tried++) {
    const history = await historyOf(root, world, source, options);
    const outcome = attempt(history);
    if ('judged' in outcome) return { judged: outcome.judged, failing: null };
    if (tried < attempts) continue;
    const failing = await firstFailing(history, outcome.error, attempts);
    if (failing === null) throw outcome.error;
    const kept = history.facts.filter(({ position }) => position < failing.position);
    const rest = attempt(history, kept);
    return { judged: 'judged' in rest ? rest.judged : null, failing };
  }
};
