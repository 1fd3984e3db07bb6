import {
  type After,
  type CustomerFold,
  foldFacts,
  type Instant,
  membersOf,
  NEVER,
  notificationEventOf,
  notificationsBetween,
  notificationStreamOf,
  rootOf,
  takenBackAfter,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type {
  Batch,
  CustomerChange,
  DeadLetter,
  DeadLetterPlace,
  OutgoingEvent,
  ReadModels,
  StoredAnnouncement,
} from '@afecto/read-models';
import { type FactSource, foldFromFacts, ledgerSource, nextFactAt, overlaid } from './customer-facts';
import { failingLetterOf, HeldParties } from './dead-letters';
import type { FoldCache } from './fold-cache';
import { TallyKeys } from '../tally/tally-of';
import type { PlacedFact } from './ledger-entry';
import { ATTEMPTS, judge, type Judged, resolveCustomer } from './resolve-customer';
import { PROJECTIONS_VERSION } from './version';
import type { CurrentWorld } from './world';

/** Keys of figures: there are about a thousand for each year of a log. */
const REMEMBERED_KEYS = 200_000;

/** What customers are folded up to. */
export interface Moment {
  readonly horizon: Instant;
  /** The latest occurredAt that is known; it may lie after the horizon. */
  readonly latestFactAt: Instant;
}

/** Which customers are to be folded. */
export interface ToFold {
  /** Those that grow by these facts, in fold order. */
  readonly grown?: ReadonlyMap<string, ReadonlyArray<PlacedFact>>;
  /** Those that are to be folded from their ledger. */
  readonly again?: ReadonlySet<string>;
  /** Those that time alone may have changed. */
  readonly due?: ReadonlySet<string>;
  /** Facts that are not in the ledger yet. */
  readonly fresh?: ReadonlyArray<PlacedFact>;
  /** Those of whom everything is told, whatever was told before. */
  readonly anew?: ReadonlySet<string>;
}

export type FoldedChange = Required<Pick<Batch, 'customers' | 'removed' | 'outgoing' | 'forgotten' | 'deadLetters'>>;

interface FromLedger {
  readonly judged: Judged | null;
  readonly failure: DeadLetter | null;
}

/**
 * Folds customers from what is remembered of them or from their ledger, and says what changed. Knows who
 * is held back behind a dead letter; whatever it remembers can be made again from the read models.
 */
export class CustomerFolds {
  readonly held = new HeldParties();
  readonly #source: FactSource;
  #keys = new TallyKeys();

  constructor(
    private readonly readModels: ReadModels,
    store: EventStore,
    private readonly world: CurrentWorld,
    private readonly cache: FoldCache,
  ) {
    this.#source = ledgerSource(readModels, store, async (members) => this.held.heldFrom(members));
  }

  /** Forgets all folds, and takes up the dead letters that are stored. */
  reload(deadLetters: ReadonlyArray<DeadLetter>): void {
    this.forgetAll();
    this.held.load(deadLetters);
  }

  forget(partyIds: Iterable<string>): void {
    for (const partyId of partyIds) this.cache.drop(partyId);
  }

  forgetAll(): void {
    this.cache.clear();
    this.#keys = new TallyKeys();
  }

  /** A customer's fold up to the horizon; null when it has no fact by then. `isPresent`: nothing was folded meanwhile. */
  async foldOf(root: string, horizon: Instant, isPresent: () => boolean): Promise<CustomerFold | null> {
    const cached = this.cache.get(root);
    if (cached !== undefined) return cached;
    const fold = (await foldFromFacts(root, this.world, this.#source, { until: horizon }))?.fold ?? null;
    if (fold !== null && isPresent() && this.cache.get(root) === undefined) this.#keep(root, fold);
    return fold;
  }

  /** What these customers have become, who is none any more, and what is to be told of it. */
  async fold(
    moment: Moment,
    { grown = new Map(), again = new Set(), due = new Set(), fresh = [], anew = new Set() }: ToFold,
  ): Promise<FoldedChange> {
    if (this.#keys.list.length > REMEMBERED_KEYS) this.forgetAll();
    const source = fresh.length === 0 ? this.#source : overlaid(this.#source, fresh);
    const decided: Judged[] = [];
    const removed: string[] = [];
    const forgotten: DeadLetterPlace[] = [];
    const deadLetters: DeadLetter[] = [];
    for (const partyId of new Set([...grown.keys(), ...again, ...due])) {
      const more = again.has(partyId) ? null : (grown.get(partyId) ?? []);
      const failed = this.held.failing(partyId);
      let result: FromLedger = { judged: null, failure: null };
      if (rootOf(this.world.links, partyId) === partyId) {
        if (more !== null && more.length > 0 && this.#allWait(partyId, more)) continue;
        const judged = more === null ? null : await this.#fromCache(partyId, more, moment, source);
        result = judged === null ? await this.#fromLedger(partyId, moment, source) : { judged, failure: null };
      }
      const { judged, failure } = result;
      if (failed !== null && failed.position !== failure?.position) {
        this.held.forget([failed]);
        forgotten.push(failed);
      }
      if (failure !== null) deadLetters.push(failure);
      if (judged === null) removed.push(partyId);
      else decided.push(judged);
    }
    return { ...(await this.#announce(decided, { anew })), removed, forgotten, deadLetters };
  }

  /** What these customers are, and what that changes of what `predecessors` told of them. */
  async succeed(
    partyIds: ReadonlyArray<string>,
    predecessors: ReadonlyMap<string, StoredAnnouncement>,
    moment: Moment,
  ): Promise<Pick<FoldedChange, 'customers' | 'outgoing'>> {
    const decided: Judged[] = [];
    for (const partyId of partyIds) {
      const fold = await this.foldOf(partyId, moment.horizon, () => true);
      decided.push(await this.#judge(fold ?? this.world.emptyFold(partyId), moment, this.#source));
    }
    return this.#announce(decided, { predecessors });
  }

  /** Whether none of these facts is taken in before a dead letter has been replayed. */
  #allWait(root: string, facts: ReadonlyArray<PlacedFact>): boolean {
    const from = this.held.unreadableFrom(membersOf(this.world.links, root));
    return from !== null && facts.every(({ position }) => position > from);
  }

  /**
   * Adds facts to a cached fold; null when there is none, when one of the facts came late, or when folding
   * fails: then the ledger tells at which fact.
   */
  async #fromCache(
    root: string,
    more: ReadonlyArray<PlacedFact>,
    moment: Moment,
    source: FactSource,
  ): Promise<Judged | null> {
    const cached = this.cache.get(root);
    if (cached === undefined) return null;
    const { horizon } = moment;
    try {
      const facts = more.map(({ fact }) => fact).filter(({ occurredAt }) => occurredAt <= horizon);
      const fold = facts.length === 0 ? cached : foldFacts(cached, facts, this.world.regime, []);
      if (fold === null) return null;
      this.cache.put(root, fold);
      return await this.#judge(fold, moment, source);
    } catch {
      this.cache.drop(root);
      return null;
    }
  }

  /** Folds a customer from its ledger. One whose fold failed before is tried once. */
  async #fromLedger(root: string, { horizon }: Moment, source: FactSource): Promise<FromLedger> {
    const failed = this.held.failing(root);
    const before = this.held.unreadableFrom(membersOf(this.world.links, root));
    const options = { horizon, before, keys: this.#keys, attempts: failed === null ? ATTEMPTS : 1 };
    const { judged, failing } = await resolveCustomer(root, this.world, source, options);
    this.cache.drop(root);
    if (failed !== null) this.held.forget([failed]);
    if (failing === null) {
      if (judged !== null) this.#keep(root, judged.fold);
      return { judged, failure: null };
    }
    const known = failed?.position === failing.position ? failed.attempts : 0;
    const failure = failingLetterOf({ ...failing, attempts: known + failing.attempts }, root, PROJECTIONS_VERSION);
    this.held.add([failure]);
    return { judged, failure };
  }

  /** Remembers a fold that every further fact is added to: not one whose facts wait. */
  #keep(root: string, fold: CustomerFold): void {
    if (fold.evidence.factCount > 0 && this.held.heldFrom(membersOf(this.world.links, root)) === null)
      this.cache.put(root, fold);
  }

  async #judge(fold: CustomerFold, moment: Moment, source: FactSource): Promise<Judged> {
    const { horizon } = moment;
    const next = await this.#nextFactAt(fold, moment, source);
    const told = this.cache.told(fold.evidence.partyId);
    const before = told === null ? null : { items: told.after.standing.items, tally: told.tally };
    return judge(fold, { world: this.world, horizon, next, keys: this.#keys }, before);
  }

  /** The first fact that counts for a customer and is dated after the horizon. */
  async #nextFactAt(fold: CustomerFold, { horizon, latestFactAt }: Moment, source: FactSource): Promise<Instant> {
    if (latestFactAt <= horizon) return NEVER;
    const before = this.held.unreadableFrom(membersOf(this.world.links, fold.evidence.partyId));
    return nextFactAt(fold, this.world.links, source, { horizon, before });
  }

  /**
   * What is to be told of these decisions: how they differ from what was committed and told before, or
   * from what `predecessors` told.
   */
  async #announce(
    decided: ReadonlyArray<Judged>,
    {
      predecessors = null,
      anew = new Set(),
    }: {
      readonly predecessors?: ReadonlyMap<string, StoredAnnouncement> | null;
      readonly anew?: ReadonlySet<string>;
    },
  ): Promise<Pick<FoldedChange, 'customers' | 'outgoing'>> {
    const unknown = decided
      .map(({ change }) => change.customer.partyId)
      .filter((partyId) => this.cache.told(partyId) === null);
    const stored = predecessors ?? (await this.readModels.announcementsOf(unknown));
    const customers: CustomerChange[] = [];
    const outgoing: OutgoingEvent[] = [];
    for (const { fold, advanced, change } of decided) {
      const { announced } = change;
      const { partyId } = change.customer;
      const after: After = { partyId, facts: fold.evidence.factCount, announced, standing: advanced.standing };
      const told = predecessors === null ? this.cache.told(partyId) : null;
      const before =
        told === null
          ? (stored.get(partyId) ?? null)
          : { announced: told.after.announced, items: told.after.standing.items, takenBack: told.takenBack };
      const notifications = notificationsBetween(before, after, this.world.regime, {
        worldFacts: this.world.factCount,
        mayBeKnown: this.world.isLinked(partyId),
        fromTheBeginning: anew.has(partyId),
      });
      const takenBack = takenBackAfter(before?.takenBack ?? [], notifications);
      this.cache.tell(partyId, { after, takenBack, tally: change.tally });
      customers.push(
        takenBack.length === 0 && (before?.takenBack ?? []).length === 0 ? change : { ...change, takenBack },
      );
      const streamId = notificationStreamOf(partyId);
      for (const notification of notifications) outgoing.push({ streamId, event: notificationEventOf(notification) });
    }
    return { customers, outgoing };
  }
}
