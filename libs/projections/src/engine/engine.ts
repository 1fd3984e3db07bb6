import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  advance,
  type After,
  type CustomerFold,
  foldFacts,
  type Instant,
  membersOf,
  NEVER,
  notificationEventOf,
  notificationsBetween,
  notificationStreamOf,
  takenBackAfter,
  rootOf,
} from '@afecto/domain';
import type { EventStore, StoredEvent } from '@afecto/event-store';
import type { Batch, Checkpoint, CustomerChange, OutgoingEvent, ReadModels } from '@afecto/read-models';
import { customerChangeOf } from '../profile/customer-row';
import { type FactSource, foldFromFacts, ledgerSource, nextFactAt, overlaid } from './customer-facts';
import { FoldCache } from './fold-cache';
import { factsByCustomer, type IntakeBatch, intakeBatch } from './intake-batch';
import { isLink, type PlacedFact } from './ledger-entry';
import { CurrentWorld } from './world';

/**
 * The version of what projections store. A read-model file of another version is built again from
 * the log: change it with every change of a rule, of a row or of the fold.
 */
export const PROJECTIONS_VERSION = '2';

/** Facts held by folds in memory, about a kilobyte each with what hangs on them. */
const CACHED_FACTS = 150_000;
/** Customers written in one transaction while time passes or a policy changes; then others have a turn. */
const CUSTOMERS_A_COMMIT = 100;
/** Before the first fact there is no horizon; SQLite and JSON have no minus infinity. */
const BEFORE_ALL: Instant = Number.MIN_SAFE_INTEGER;

type Change = Omit<Batch, 'checkpoint'>;

interface Decided {
  readonly change: CustomerChange;
  readonly after: After;
}

/** By which the log is recognised up to here. */
export const lastOf = (events: ReadonlyArray<Pick<StoredEvent, 'position' | 'id'>>): Checkpoint['last'] => {
  const last = events.at(-1);
  return last === undefined ? null : { position: last.position, id: last.id };
};

export const NO_CHANGE: Change = {
  facts: [],
  customers: [],
  removed: [],
  identifiers: [],
  referrals: [],
  everyoneDue: false,
  outgoing: [],
  claims: new Map(),
};

/**
 * Folds committed facts into read models. Each step reads, folds, and commits rows and checkpoint in
 * one transaction; what it keeps in memory can be made again from the ledger, and is after a failure.
 * One step at a time: callers queue in `exclusively`.
 */
export class ProjectionEngine {
  private readonly cache = new FoldCache(CACHED_FACTS);
  private readonly source: FactSource;
  private readonly current: CurrentWorld;
  private position = 0n;
  private origin: string | null = null;
  private last: Checkpoint['last'] = null;
  /** Every row is as of this instant. */
  private horizon: Instant = BEFORE_ALL;
  private latestFactAt: Instant = BEFORE_ALL;
  private facts = 0;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly readModels: ReadModels,
    store: EventStore,
  ) {
    this.source = ledgerSource(readModels, store);
    this.current = new CurrentWorld(readModels, store);
  }

  /** Takes up where the read models stand; they must be empty or completely built by this version. */
  static async over(readModels: ReadModels, store: EventStore): Promise<ProjectionEngine> {
    const engine = new ProjectionEngine(readModels, store);
    await engine.reload();
    return engine;
  }

  private async reload(): Promise<void> {
    const checkpoint = await this.readModels.checkpoint();
    this.cache.clear();
    this.position = checkpoint?.position ?? 0n;
    this.origin = checkpoint?.origin ?? null;
    this.last = checkpoint?.last ?? null;
    this.horizon = checkpoint?.horizon ?? BEFORE_ALL;
    this.latestFactAt = checkpoint?.latestFactAt ?? BEFORE_ALL;
    this.facts = checkpoint?.facts ?? 0;
    await this.current.reload(this.horizon);
  }

  /** What the rows contain: the log up to `position`, evaluated up to `horizon`. */
  get at(): { readonly position: bigint; readonly horizon: Instant; readonly facts: number } {
    return { position: this.position, horizon: this.horizon, facts: this.facts };
  }

  /** Who is who, and which policies apply when. */
  get world(): CurrentWorld {
    return this.current;
  }

  /** Runs one step after all that were asked before it; a failed step does not stop the next. */
  exclusively<A>(step: () => Promise<A>): Promise<A> {
    const run = this.queue.then(step, step);
    this.queue = run.catch(() => undefined);
    return run;
  }

  /**
   * The fold of a customer as the rows have it; null when it has no fact by the horizon. Shared with
   * the engine: read what you need of it before the next await.
   */
  async foldOf(root: string): Promise<CustomerFold | null> {
    const cached = this.cache.get(root);
    if (cached !== undefined) return cached;
    const { position } = this;
    const fold = (await foldFromFacts(root, this.current, this.source, { until: this.horizon }))?.fold ?? null;
    // A step that ran meanwhile knows more than what was read here.
    if (fold !== null && position === this.position && this.cache.get(root) === undefined) this.cache.put(root, fold);
    return fold;
  }

  /** Folds a run of events of the log, in order; those already folded are passed over. */
  async apply(events: ReadonlyArray<StoredEvent>, now: Instant): Promise<void> {
    const fresh = events.filter(({ position }) => position > this.position);
    if (fresh.length === 0) return;
    await this.evaluateDue(now);
    try {
      const batch = intakeBatch(fresh);
      const before = this.current.take(batch, this.horizon);
      if (batch.globals.length > 0) this.cache.clear();
      for (const { fact } of batch.placed) if (fact.occurredAt > this.latestFactAt) this.latestFactAt = fact.occurredAt;
      const source = overlaid(this.source, batch.placed);
      const again = await this.mustFoldAgain(batch, this.current.touchedBy(batch.links, before));
      const change = await this.fold(factsByCustomer(batch.placed, this.current.links), again, source);
      this.facts += batch.ledger.length;
      this.position = batch.position;
      this.origin ??= fresh[0]?.id ?? null;
      this.last = lastOf(fresh) ?? this.last;
      await this.commit({ ...batch, ...change, facts: batch.ledger, everyoneDue: batch.globals.length > 0 });
    } catch (error) {
      await this.reload();
      throw error;
    }
    await this.evaluateDue(now);
  }

  /**
   * Evaluates every customer that time alone may have changed up to `now`, and commits the new horizon.
   * `lookedAt`: nothing of the log up to there is still to be folded (the events of other applications
   * that a store keeps to itself move its head and are never handed out).
   */
  async advanceTo(now: Instant, lookedAt = 0n): Promise<void> {
    if (lookedAt > this.position) this.position = lookedAt;
    if (now <= this.horizon && !(await this.anyoneDue())) return;
    await this.evaluateDue(now);
    await this.commit(NO_CHANGE);
  }

  private async anyoneDue(): Promise<boolean> {
    return (await this.readModels.dueCustomers(this.horizon, 1)).length > 0;
  }

  /** Moves the horizon to `now`, in memory until the next commit: until then those due stay due. */
  private async evaluateDue(now: Instant): Promise<void> {
    try {
      const from = this.horizon;
      this.horizon = Math.max(from, now);
      const factsAhead = this.latestFactAt > from;
      if (this.current.nextLinkAt <= this.horizon) {
        const touched = this.current.takeDue(from, this.horizon);
        for (const partyId of touched) this.cache.drop(partyId);
        await this.evaluate([...touched]);
      }
      for (;;) {
        const due = await this.readModels.dueCustomers(this.horizon, CUSTOMERS_A_COMMIT);
        if (due.length === 0) return;
        // A fact dated ahead has become due: then the ledger knows more than the fold in memory.
        if (factsAhead) for (const partyId of due) this.cache.drop(partyId);
        await this.evaluate(due);
        await nextTurn();
      }
    } catch (error) {
      await this.reload();
      throw error;
    }
  }

  private async evaluate(partyIds: ReadonlyArray<string>): Promise<void> {
    await this.commit({ ...NO_CHANGE, ...(await this.fold(new Map(), new Set(partyIds), this.source, true)) });
  }

  /** The changes of customers that grow by facts in order, and of those that are folded from their ledger. */
  private async fold(
    grown: ReadonlyMap<string, ReadonlyArray<PlacedFact>>,
    again: ReadonlySet<string>,
    source: FactSource,
    mayReuse = false,
  ): Promise<Pick<Change, 'customers' | 'removed' | 'outgoing'>> {
    const decided: Decided[] = [];
    const removed: string[] = [];
    for (const partyId of new Set([...grown.keys(), ...again])) {
      if (rootOf(this.current.links, partyId) !== partyId) {
        removed.push(partyId);
        continue;
      }
      let fold: CustomerFold | null = null;
      if (!again.has(partyId)) fold = this.grow(partyId, grown.get(partyId) ?? []);
      else if (mayReuse) fold = this.cache.get(partyId) ?? null;
      if (fold === null) {
        fold = (await foldFromFacts(partyId, this.current, source, { until: this.horizon }))?.fold ?? null;
        this.cache.drop(partyId);
        if (fold !== null) this.cache.put(partyId, fold);
      }
      if (fold !== null) decided.push(await this.decide(partyId, fold, source));
      else if ((await this.nextFactAt(partyId, source)) === NEVER) removed.push(partyId);
      else decided.push(await this.decide(partyId, this.current.emptyFold(partyId), source));
    }
    return { ...(await this.announce(decided)), removed };
  }

  /** Adds facts to a cached fold; null when there is none, or when one of the facts came late. */
  private grow(root: string, placed: ReadonlyArray<PlacedFact>): CustomerFold | null {
    const cached = this.cache.get(root);
    if (cached === undefined) return null;
    const facts = placed.map(({ fact }) => fact).filter(({ occurredAt }) => occurredAt <= this.horizon);
    const grown = foldFacts(cached, facts, this.current.regime, []);
    if (grown !== null) this.cache.put(root, grown);
    return grown;
  }

  private async decide(root: string, fold: CustomerFold, source: FactSource): Promise<Decided> {
    const { regime } = this.current;
    const advanced = advance(fold, regime, this.horizon);
    const nextChangeAt = Math.min(advanced.nextChangeAt, await this.nextFactAt(root, source));
    const before = this.cache.told(root)?.after.standing.items ?? null;
    const change = customerChangeOf(fold.evidence, { ...advanced, nextChangeAt }, regime, before);
    const { announced } = change.row;
    const { factCount: facts } = fold.evidence;
    return { change, after: { partyId: root, facts, announced, standing: advanced.standing } };
  }

  /** What is to be told of these decisions: how they differ from what was committed and told before. */
  private async announce(decided: ReadonlyArray<Decided>): Promise<Pick<Change, 'customers' | 'outgoing'>> {
    const stored = await this.readModels.announcementsOf(
      decided.flatMap(({ after: { partyId } }) => (this.cache.told(partyId) === null ? [partyId] : [])),
    );
    const customers: CustomerChange[] = [];
    const outgoing: OutgoingEvent[] = [];
    for (const { change, after } of decided) {
      const { partyId } = after;
      const told = this.cache.told(partyId);
      const before =
        told === null
          ? (stored.get(partyId) ?? null)
          : { announced: told.after.announced, items: told.after.standing.items, takenBack: told.takenBack };
      const notifications = notificationsBetween(before, after, before === null && this.current.isLinked(partyId));
      const takenBack = takenBackAfter(before?.takenBack ?? [], notifications);
      this.cache.tell(partyId, { after, takenBack });
      customers.push(
        takenBack.length === 0 && (before?.takenBack ?? []).length === 0 ? change : { ...change, takenBack },
      );
      const streamId = notificationStreamOf(partyId);
      for (const notification of notifications) outgoing.push({ streamId, event: notificationEventOf(notification) });
    }
    return { customers, outgoing };
  }

  /** The first fact of a customer that is dated after the horizon. */
  private async nextFactAt(root: string, source: FactSource): Promise<Instant> {
    if (this.latestFactAt <= this.horizon) return NEVER;
    return nextFactAt(root, this.current.links, source, this.horizon);
  }

  /**
   * Customers whose fold a batch changes otherwise than by growing: merged or separated ones, and
   * referrers, because a referral converts by an order of the party referred.
   */
  private async mustFoldAgain(batch: IntakeBatch, touched: ReadonlySet<string>): Promise<Set<string>> {
    const { links } = this.current;
    const again = new Set(touched);
    for (const partyId of again) this.cache.drop(partyId);
    for (const { referrerId } of batch.referrals) again.add(rootOf(links, referrerId));
    const moves = new Set<string>();
    for (const { fact } of batch.placed)
      if (fact.type === 'OrderPlaced' || isLink(fact))
        for (const subject of fact.subjects)
          for (const member of membersOf(links, rootOf(links, subject))) moves.add(member);
    for (const { referredId, referrerId } of batch.referrals)
      if (moves.has(referredId)) again.add(rootOf(links, referrerId));
    for (const referrerId of await this.readModels.referrersOf([...moves])) again.add(rootOf(links, referrerId));
    return again;
  }

  private async commit(change: Change): Promise<void> {
    await this.readModels.commit({
      facts: change.facts,
      customers: change.customers,
      removed: change.removed,
      identifiers: change.identifiers,
      referrals: change.referrals,
      everyoneDue: change.everyoneDue,
      outgoing: change.outgoing,
      claims: change.claims,
      checkpoint: {
        position: this.position,
        origin: this.origin,
        last: this.last,
        horizon: this.horizon,
        version: PROJECTIONS_VERSION,
        facts: this.facts,
        latestFactAt: this.latestFactAt,
        building: null,
      },
    });
  }
}
