import {
  advance,
  type CustomerFold,
  type CustomerState,
  foldFacts,
  type Instant,
  policyAt,
  type Regime,
  startFold,
  unevenAgeingOf,
} from '@afecto/domain';
import type { PlacedFact } from '../engine/ledger-entry';
import { deadlinesAt } from './deadlines';
import { customerAt, type HistoryFold, type PartyHistory, regimeOfHistory } from './party-history';

/** What is looked at: the same number of texts for every state, each the canonical form of one value; '' for none. */
export type Look = (customer: CustomerState | null) => ReadonlyArray<string>;

/** Why a value is what it is from an instant on. */
export type Cause =
  /** Nothing has said anything about it since the customer is known. */
  | { readonly kind: 'start'; readonly placed: PlacedFact }
  | { readonly kind: 'event'; readonly placed: PlacedFact }
  /** No event: a term ended. `deadlines`: what is known of the customer that names this very instant. */
  | { readonly kind: 'time'; readonly deadlines: ReadonlyArray<string> }
  /** The value measures a distance to the instant asked, and so has another one at every instant. */
  | { readonly kind: 'passing' };

/** A value that begins to hold. */
export interface Change {
  readonly text: string;
  readonly since: Instant;
  readonly because: ReadonlyArray<Cause>;
  /** Version of the configuration in force then. */
  readonly configurationVersion: number;
}

/** How one value came about: its changes in order. */
export interface Trail {
  readonly changes: ReadonlyArray<Change>;
  /** Between its causes it moves with time alone. */
  readonly passing: boolean;
}

const EVERY_INSTANT = 1;

/** Follows the values of one customer from its first fact on. */
class Tracer {
  private now: ReadonlyArray<string>;
  private readonly changes: Change[][];
  private readonly passing: boolean[];

  constructor(
    private readonly history: PartyHistory,
    private readonly regime: Regime,
    private readonly look: Look,
  ) {
    this.now = look(null);
    this.changes = this.now.map(() => []);
    this.passing = this.now.map(() => false);
  }

  *run(): Generator<void, ReadonlyArray<Trail>> {
    const { asOf, links } = this.history;
    const turns = [...new Set(links.map(({ fact }) => fact.occurredAt))].sort((a, b) => a - b);
    for (const [index, from] of [Number.NEGATIVE_INFINITY, ...turns].entries()) {
      const next = turns[index];
      yield* this.span(from, next === undefined ? asOf : next - EVERY_INSTANT);
    }
    this.now.forEach((text, field) => {
      if (this.changes[field]?.at(-1)?.text !== text && (text !== '' || this.changes[field]?.length !== 0))
        this.add(field, text, asOf, { kind: 'passing' });
    });
    return this.changes.map((changes, field) => ({ changes, passing: this.passing[field] ?? false }));
  }

  /** The stretch in which the same merges are in force, both ends inclusive. */
  private *span(from: Instant, to: Instant): Generator<void> {
    const customer = customerAt(this.history, from);
    const fold = startFold(customer.root, customer.members, this.regime);
    const before = customer.facts.filter(({ fact }) => fact.occurredAt < from);
    this.fold(
      fold,
      before,
      customer.orders.filter(({ at }) => at < from),
    );
    let at = from;
    if (from > Number.NEGATIVE_INFINITY) {
      const links = this.history.links.filter(({ fact }) => fact.occurredAt === from);
      at = from - EVERY_INSTANT;
      this.turn(this.stateAt(fold, at), from, links.map(caused));
    }
    for (const step of stepsOf(customer, from, to)) {
      if (fold.at > Number.NEGATIVE_INFINITY) yield* this.pass(fold, at, step.at);
      this.take(fold, step);
      at = step.at;
      yield;
    }
    if (fold.at > Number.NEGATIVE_INFINITY) yield* this.pass(fold, at, to);
  }

  /** One instant at which something happened, fact by fact: what each changes is its doing. */
  private take(fold: CustomerFold, { at, facts, orders }: Step): void {
    for (const placed of facts) {
      if (fold.at === Number.NEGATIVE_INFINITY) this.turn(this.unknownAt(fold, at), at, [{ kind: 'start', placed }]);
      this.fold(fold, [placed], []);
      this.turn(this.stateAt(fold, at), at, [caused(placed)]);
    }
    for (const order of orders) {
      this.fold(fold, [], [order]);
      if (fold.at > Number.NEGATIVE_INFINITY) this.turn(this.stateAt(fold, at), at, [caused(order.placed)]);
    }
  }

  private fold(fold: CustomerFold, facts: ReadonlyArray<PlacedFact>, orders: HistoryFold['orders']): void {
    if (
      foldFacts(
        fold,
        facts.map(({ fact }) => fact),
        this.regime,
        orders,
      ) === null
    )
      throw new Error('the steps of a history are in order');
  }

  private stateAt(
    fold: CustomerFold,
    at: Instant,
    standing = advance(fold, this.regime, at).standing,
  ): CustomerState | null {
    if (fold.at === Number.NEGATIVE_INFINITY) return null;
    return { evidence: fold.evidence, standing, policy: policyAt(this.regime, at), asOf: at };
  }

  private unknownAt({ evidence, standing }: CustomerFold, at: Instant): CustomerState {
    return { evidence, standing, policy: policyAt(this.regime, at), asOf: at };
  }

  /** What time alone changes after `from`, up to and including `to`. */
  private *pass(fold: CustomerFold, from: Instant, to: Instant): Generator<void> {
    let present = advance(fold, this.regime, from);
    for (let at = from; at < to;) {
      const next = Math.min(to, present.nextChangeAt);
      yield* this.rest(fold, at, next, present.standing);
      if (present.nextChangeAt > to) return;
      // The instant itself comes first as time alone makes it, then as it is judged.
      present = advance({ ...fold, standing: present.standing, at: present.evaluatedAt }, this.regime, next);
      this.turn(this.stateAt(fold, next, present.standing), next, null);
      at = next;
    }
  }

  /** Nothing is judged between these instants: what moves all the same is found by halving. */
  private *rest(fold: CustomerFold, from: Instant, to: Instant, standing: CustomerState['standing']): Generator<void> {
    const { evidence } = fold;
    const policy = policyAt(this.regime, from);
    const lookAt = (asOf: Instant) => this.look({ evidence, standing, policy, asOf });
    const found = new Map<number, { readonly at: Instant; readonly text: string }[]>();
    let low: Sample = { at: from, texts: this.now };
    for (const at of [...turnsOf({ standing, policy }, from, to), to]) {
      const high = { at, texts: lookAt(at) };
      const moved = this.unsettled(low.texts, high.texts);
      if (moved.length > 0) yield* this.halve(low, high, moved, lookAt, found);
      low = high;
    }
    for (const [field, steps] of found)
      for (const { at, text } of this.passing[field] === true ? [] : steps)
        this.add(field, text, at, { kind: 'time', deadlines: deadlinesAt({ evidence, standing, policy }, at) });
    this.now = low.texts;
  }

  private unsettled(before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<number> {
    return after.flatMap((text, field) => (text !== before[field] && this.passing[field] !== true ? [field] : []));
  }

  private *halve(
    low: Sample,
    high: Sample,
    fields: ReadonlyArray<number>,
    lookAt: (at: Instant) => ReadonlyArray<string>,
    found: Map<number, { readonly at: Instant; readonly text: string }[]>,
  ): Generator<void> {
    const moved = fields.filter((field) => this.passing[field] !== true && low.texts[field] !== high.texts[field]);
    if (moved.length === 0) return;
    if (high.at - low.at <= EVERY_INSTANT) {
      for (const field of moved) {
        const steps = found.get(field) ?? [];
        steps.push({ at: high.at, text: high.texts[field] ?? '' });
        found.set(field, steps);
        if (isDrift(steps)) this.passing[field] = true;
      }
      return;
    }
    const middle = Math.floor((low.at + high.at) / 2);
    const between = { at: middle, texts: lookAt(middle) };
    yield;
    yield* this.halve(low, between, moved, lookAt, found);
    yield* this.halve(between, high, moved, lookAt, found);
  }

  /** `causes` null: none but time, or a policy that comes into force. */
  private turn(state: CustomerState | null, at: Instant, causes: ReadonlyArray<Cause> | null): void {
    const texts = this.look(state);
    let because = causes;
    texts.forEach((text, field) => {
      if (text === this.now[field]) return;
      because ??= this.ofTime(state, at);
      for (const cause of because) this.add(field, text, at, cause);
    });
    this.now = texts;
  }

  private ofTime(state: CustomerState | null, at: Instant): ReadonlyArray<Cause> {
    const policies = this.history.policies.filter((placed) => startsOrEndsAt(placed, at));
    if (policies.length > 0) return policies.map(caused);
    return [{ kind: 'time', deadlines: state === null ? [] : deadlinesAt(state, at) }];
  }

  /** Of one instant the last value counts, with everything that had a part in it; none when it is as before. */
  private add(field: number, text: string, since: Instant, cause: Cause): void {
    const changes = this.changes[field];
    if (changes === undefined) return;
    const last = changes.at(-1);
    const because = last?.since === since ? last.because.filter(({ kind }) => kind !== 'start') : [];
    if (last?.since === since) changes.pop();
    if (changes.at(-1)?.text === text && !(this.passing[field] === true)) return;
    const { version } = policyAt(this.regime, since).configuration;
    const known = because.some((one) => isSame(one, cause));
    changes.push({ text, since, because: known ? because : [...because, cause], configurationVersion: version });
  }
}

/**
 * The instants between `from` and `to` at which the ageing of open work changes its pace, in order. Of two items the
 * one may overtake the other and fall behind again, but not twice between two of these.
 */
const turnsOf = (
  { standing, policy: { configuration } }: Pick<CustomerState, 'standing' | 'policy'>,
  from: Instant,
  to: Instant,
): ReadonlyArray<Instant> => {
  const open = standing.items.filter(({ state }) => state !== 'closed');
  if (open.length < 2) return [];
  const turns = open.flatMap((item) => [item.notBefore, ...unevenAgeingOf(item, configuration)]);
  return [...new Set(turns)].filter((at) => at > from && at < to).sort((a, b) => a - b);
};

/** Terms do not end so densely, nor so many of them while nothing happens: a value that moves so moves with time itself. */
const DENSE = { steps: 6, withinMs: 60_000 };
const MOST_TERMS = 100;

const isDrift = (steps: ReadonlyArray<{ readonly at: Instant }>): boolean => {
  const [first, last] = [steps.at(-DENSE.steps), steps.at(-1)];
  return (
    (first !== undefined && last !== undefined && last.at - first.at < DENSE.withinMs) || steps.length > MOST_TERMS
  );
};

interface Sample {
  readonly at: Instant;
  readonly texts: ReadonlyArray<string>;
}

interface Step {
  readonly at: Instant;
  readonly facts: ReadonlyArray<PlacedFact>;
  readonly orders: HistoryFold['orders'];
}

const isSame = (one: Cause, other: Cause): boolean =>
  one.kind === other.kind && ('placed' in one && 'placed' in other ? one.placed === other.placed : true);

const caused = (placed: PlacedFact): Cause => ({ kind: 'event', placed });

/** What happens in a stretch of time, instant by instant. */
const stepsOf = ({ facts, orders }: HistoryFold, from: Instant, to: Instant): ReadonlyArray<Step> => {
  const within = (at: Instant): boolean => at >= from && at <= to;
  const ofFacts = Map.groupBy(facts, ({ fact }) => fact.occurredAt);
  const ofOrders = Map.groupBy(orders, ({ at }) => at);
  return [...new Set([...ofFacts.keys(), ...ofOrders.keys()])]
    .filter(within)
    .sort((a, b) => a - b)
    .map((at) => ({ at, facts: ofFacts.get(at) ?? [], orders: ofOrders.get(at) ?? [] }));
};

/** Whether a policy comes into force, or a campaign ends, at this instant (`domain.md §1`, Configuration). */
const startsOrEndsAt = ({ fact }: PlacedFact, at: Instant): boolean => {
  switch (fact.type) {
    case 'ConfigurationActivated':
      return Date.parse(fact.data.effectiveFrom) === at;
    case 'PortfolioReviewed':
      return fact.occurredAt === at;
    case 'CampaignLaunched':
      return Date.parse(fact.data.startsAt) === at || Date.parse(fact.data.endsAt) === at;
    default:
      return false;
  }
};

/**
 * How each value that is looked at came about: what it was, since when and because of what, from the
 * first fact to the end of the history. Every fact, every instant at which the customer is judged and,
 * between them, every instant at which time alone moves a value counts. Nobody says which fact bears on
 * which value: the value is compared before and after. Yields now and then; a value that is changed
 * twice by time alone between two such instants, and back to what it was, is not seen.
 */
export const traceOf = (history: PartyHistory, look: Look): Generator<void, ReadonlyArray<Trail>> =>
  new Tracer(history, regimeOfHistory(history), look).run();
