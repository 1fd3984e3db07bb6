import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  campaignNotificationStreamOf,
  type CustomerFold,
  type Instant,
  membersOf,
  notificationEventOf,
  rootOf,
} from '@afecto/domain';
import type { EventStore, StoredEvent } from '@afecto/event-store';
import type { Batch, Checkpoint, DeadLetter, ReadModels } from '@afecto/read-models';
import { isSameAnnouncement } from './announced';
import { CustomerFolds, type FoldedChange, type Moment } from './customer-folds';
import { lettersOf, type Replayed, triedWith } from './dead-letters';
import { FoldCache } from './fold-cache';
import { foldedAgain, referrersOf } from './folded-again';
import { forgottenBy, factsByCustomer, type IntakeBatch, intakeBatch } from './intake-batch';
import { PROJECTIONS_VERSION } from './version';
import { CurrentWorld } from './world';

export { PROJECTIONS_VERSION };

/** Customers written in one transaction while time passes or a policy changes; then others have a turn. */
const CUSTOMERS_A_COMMIT = 100;
/** How often an answer is read beside what is committed, before commits wait for it. */
const READS_BESIDE = 10;
/** Before the first fact there is no horizon; SQLite and JSON have no minus infinity. */
const BEFORE_ALL: Instant = Number.MIN_SAFE_INTEGER;

type Change = Omit<Batch, 'checkpoint'>;

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
  forgotten: [],
  deadLetters: [],
};

/**
 * Folds committed facts into read models. Each step reads, folds, and commits rows and checkpoint in
 * one transaction; what it keeps in memory can be made again from the ledger, and is after a failure.
 * One step at a time: callers queue in `exclusively`.
 */
export class ProjectionEngine {
  private readonly current: CurrentWorld;
  private readonly folds: CustomerFolds;
  private position = 0n;
  private origin: string | null = null;
  private last: Checkpoint['last'] = null;
  /** Every row is as of this instant, or is about to be. */
  private horizon: Instant = BEFORE_ALL;
  /** The horizon up to which the last evaluation came to its end. */
  private evaluated: Instant = BEFORE_ALL;
  private latestFactAt: Instant = BEFORE_ALL;
  private facts = 0;
  /** How often the rows may have become others. */
  private changes = 0;
  /** Of the rules by which the rows were first made; ours where there are none. */
  private version = PROJECTIONS_VERSION;
  /** Whether the read models may hold customers that are due at their own horizon: an evaluation was cut off. */
  private mayBeUnfinished = true;
  /** Whether what is in memory may be ahead of the rows: after a failure they could not be read either. */
  private isAstray = false;
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly readModels: ReadModels,
    private readonly store: EventStore,
    cache: FoldCache,
  ) {
    this.current = new CurrentWorld(readModels, store);
    this.folds = new CustomerFolds(readModels, store, this.current, cache);
  }

  /**
   * Takes up where the read models stand; they must be empty or completely built. Rows of another
   * version are followed until they are replaced: those that change become ours, the rest stays theirs.
   * `cache`: what it may remember of customers; empty.
   */
  static async over(readModels: ReadModels, store: EventStore, cache = new FoldCache()): Promise<ProjectionEngine> {
    const engine = new ProjectionEngine(readModels, store, cache);
    await engine.reload();
    return engine;
  }

  /** Takes up the read models as they are: after a failure, or in a step of its own when others replaced them. */
  async reload(): Promise<void> {
    this.changes += 1;
    this.isAstray = true;
    this.folds.forgetAll();
    const checkpoint = await this.readModels.checkpoint();
    this.position = checkpoint?.position ?? 0n;
    this.origin = checkpoint?.origin ?? null;
    this.last = checkpoint?.last ?? null;
    this.horizon = checkpoint?.horizon ?? BEFORE_ALL;
    this.evaluated = this.horizon;
    this.latestFactAt = checkpoint?.latestFactAt ?? BEFORE_ALL;
    this.facts = checkpoint?.facts ?? 0;
    this.version = checkpoint?.version ?? PROJECTIONS_VERSION;
    this.mayBeUnfinished = true;
    const deadLetters = await this.readModels.deadLetters();
    await this.current.reload(this.horizon);
    // Last: a question that came meanwhile may have folded by the world of before.
    this.changes += 1;
    this.folds.reload(deadLetters);
    this.isAstray = false;
  }

  /** In a step of its own: takes the read models up again when that failed; every step begins with it. */
  async settle(): Promise<void> {
    if (this.isAstray) await this.reload();
  }

  /** What the rows contain: the log up to `position`, evaluated up to `horizon`. */
  get at(): { readonly position: bigint; readonly horizon: Instant; readonly facts: number } {
    return { position: this.position, horizon: this.horizon, facts: this.facts };
  }

  private get moment(): Moment {
    return { horizon: this.horizon, latestFactAt: this.latestFactAt };
  }

  /**
   * What `read` finds when nothing is committed while it reads: an answer that is put together from several reads
   * is of one moment. Read again when it was not, and in a step of its own at last.
   */
  async atOnce<A>(read: () => Promise<A>): Promise<A> {
    for (let time = 0; time < READS_BESIDE; time++) {
      const { changes } = this;
      const found = await read();
      if (changes === this.changes) return found;
    }
    return this.exclusively(read);
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
    const { position, changes } = this;
    // A step that runs meanwhile knows more than what is read here.
    return this.folds.foldOf(root, this.horizon, () => position === this.position && changes === this.changes);
  }

  /** Folds a run of events of the log, in order; those already folded are passed over. */
  async apply(events: ReadonlyArray<StoredEvent>, now: Instant): Promise<void> {
    await this.settle();
    const fresh = events.filter(({ position }) => position > this.position);
    if (fresh.length === 0) return;
    await this.evaluateDue(now);
    try {
      const batch = intakeBatch(fresh);
      const unreadable = batch.unreadable.flatMap((event) => lettersOf(event, PROJECTIONS_VERSION));
      this.folds.held.add(unreadable);
      const again = await this.mustFoldAgain(batch, this.takeWorld(batch), unreadable);
      const grown = factsByCustomer(batch.placed, this.current.links);
      const change = await this.folds.fold(this.moment, {
        grown,
        again,
        fresh: batch.placed,
        anew: forgottenBy(batch),
      });
      this.position = batch.position;
      this.origin ??= fresh[0]?.id ?? null;
      this.last = lastOf(fresh) ?? this.last;
      await this.commitBatch(batch, { ...change, deadLetters: [...unreadable, ...change.deadLetters] });
    } catch (error) {
      await this.reload();
      throw error;
    }
    await this.evaluateDue(now);
  }

  /**
   * Tries dead letters again: those of one party's customer, or all. Each event is read with the present
   * program and every customer that it held back is folded, in one commit. What then can be taken in is
   * caught up and announced; the rest is a dead letter as before, tried once more often.
   */
  async replay(partyId: string | null, now: Instant): Promise<Replayed> {
    await this.settle();
    await this.evaluateDue(now);
    const { links } = this.current;
    const members = partyId === null ? null : membersOf(links, rootOf(links, partyId));
    const tried = triedWith(await this.readModels.deadLetters(), members === null ? null : new Set(members));
    if (tried.length === 0) return { tried, left: [] };
    const unreadable = tried.filter(({ reason }) => reason === 'unreadable');
    try {
      const positions = [...new Set(unreadable.map(({ position }) => position))];
      const batch = intakeBatch(await this.store.eventsAt(positions));
      const attempts = new Map(unreadable.map((letter) => [letter.position, letter.attempts + 1]));
      const still = batch.unreadable.flatMap((event) =>
        lettersOf(event, PROJECTIONS_VERSION, attempts.get(event.position)),
      );
      this.folds.held.forget(unreadable);
      this.folds.held.add(still);
      // Those with a party had their place in its ledger all the time.
      const placed = new Set(unreadable.flatMap((letter) => (letter.partyId === null ? [] : [letter.position])));
      const fresh = { ...batch, ledger: batch.ledger.filter(({ position }) => !placed.has(position)) };
      const touched = this.takeWorld(fresh);
      const again = await this.mustFoldAgain(batch, touched, tried);
      const unknown = batch.placed.filter(({ position }) => !placed.has(position));
      const grown = factsByCustomer(unknown, this.current.links);
      const change = await this.folds.fold(this.moment, { grown, again, fresh: unknown, anew: forgottenBy(batch) });
      const deadLetters = [...still, ...change.deadLetters];
      await this.commitBatch(fresh, { ...change, deadLetters, forgotten: [...unreadable, ...change.forgotten] });
    } catch (error) {
      await this.reload();
      throw error;
    }
    await this.evaluateDue(now);
    const triedAgain = new Set(tried.map(({ eventId }) => eventId));
    return { tried, left: (await this.readModels.deadLetters()).filter(({ eventId }) => triedAgain.has(eventId)) };
  }

  /**
   * Evaluates every customer that time alone may have changed up to `now`, and commits the new horizon.
   * `lookedAt`: nothing of the log up to there is still to be folded (the events of other applications
   * that a store keeps to itself move its head and are never handed out).
   */
  async advanceTo(now: Instant, lookedAt = 0n): Promise<void> {
    await this.settle();
    if (lookedAt > this.position) this.position = lookedAt;
    if (now <= this.horizon && !(await this.anyoneDue(this.horizon))) return;
    await this.evaluateDue(now);
    await this.commit(NO_CHANGE);
  }

  /**
   * Takes over from the read models that these are to replace, which stand at the same position and
   * instant: what they had still to tell is told here, and so is every difference between what they
   * announced of a customer and what these say of it. Doing it again adds nothing: ids follow from claims.
   */
  async succeed(predecessor: ReadModels): Promise<void> {
    await this.takeOutgoing(predecessor);
    for (let after = ''; ;) {
      const page = await this.readModels.customers({}, { after, limit: CUSTOMERS_A_COMMIT });
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.partyId;
      const partyIds = page.map(({ partyId }) => partyId);
      const [theirs, ours] = [
        await predecessor.announcementsOf(partyIds),
        await this.readModels.announcementsOf(partyIds),
      ];
      const changed = partyIds.filter((partyId) => {
        const before = theirs.get(partyId);
        return before === undefined || before.takenBack.length > 0 || !isSameAnnouncement(before, ours.get(partyId));
      });
      if (changed.length > 0)
        await this.commit({ ...NO_CHANGE, ...(await this.folds.succeed(changed, theirs, this.moment)) });
      await nextTurn();
    }
  }

  /** Takes over what other read models have still to tell. */
  async takeOutgoing(predecessor: ReadModels): Promise<void> {
    await this.settle();
    await this.commit({ ...NO_CHANGE, outgoing: await predecessor.outgoing(Number.MAX_SAFE_INTEGER) });
  }

  /**
   * Folds the customers of these parties anew and drops their identifiers: their keys are destroyed, so the
   * log has nothing personal of them any more, and neither have the rows then. `contentOnly`: of these free
   * text alone. In a step of its own.
   */
  async forgetPersonalData(partyIds: ReadonlyArray<string>, contentOnly: ReadonlyArray<string> = []): Promise<void> {
    await this.settle();
    const roots = new Set([...partyIds, ...contentOnly].map((partyId) => rootOf(this.current.links, partyId)));
    this.folds.forget(roots);
    await this.commit({ ...NO_CHANGE, erased: partyIds, ...(await this.folds.fold(this.moment, { again: roots })) });
  }

  /**
   * The latest instant up to `at` of which all rows are: `at` itself, unless time alone changes something by then
   * that has not been evaluated.
   */
  async wholeAt(at: Instant): Promise<Instant> {
    const isDue = this.current.nextLinkAt <= at || (await this.anyoneDue(at));
    return isDue ? Math.min(this.evaluated, at) : at;
  }

  private async anyoneDue(at: Instant): Promise<boolean> {
    return (await this.readModels.dueCustomers(at, 1)).length > 0;
  }

  /** Moves the horizon to `now`, in memory until the next commit: until then those due stay due. */
  private async evaluateDue(now: Instant): Promise<void> {
    try {
      // Ends at its own instant what was cut off: later more facts would count in what it tells.
      if (this.mayBeUnfinished) await this.evaluateAllDue(false);
      this.mayBeUnfinished = false;
      const from = this.horizon;
      this.horizon = Math.max(from, now);
      const factsAhead = this.latestFactAt > from;
      if (this.current.nextLinkAt <= this.horizon) {
        const touched = this.current.takeDue(from, this.horizon);
        for (const referrer of await referrersOf(touched, this.current.links, this.readModels)) touched.add(referrer);
        this.folds.forget(touched);
        await this.evaluate([...touched]);
      }
      await this.evaluateAllDue(factsAhead);
      this.evaluated = this.horizon;
    } catch (error) {
      await this.reload();
      throw error;
    }
  }

  /** `factsAhead`: a fact dated ahead may have become due; then the ledger knows more than the folds in memory. */
  private async evaluateAllDue(factsAhead: boolean): Promise<void> {
    for (;;) {
      const due = await this.readModels.dueCustomers(this.horizon, CUSTOMERS_A_COMMIT);
      if (due.length === 0) return;
      if (factsAhead) this.folds.forget(due);
      await this.evaluate(due);
      // Of a few, who are due all the time, nobody notices; a turn costs whoever waits for the step all that came in.
      if (due.length === CUSTOMERS_A_COMMIT) await nextTurn();
    }
  }

  private async evaluate(partyIds: ReadonlyArray<string>): Promise<void> {
    await this.commit({ ...NO_CHANGE, ...(await this.folds.fold(this.moment, { due: new Set(partyIds) })) });
  }

  /** Takes a batch's policies and links into force; returns everyone whom the links touch. */
  private takeWorld(batch: IntakeBatch): ReadonlySet<string> {
    const before = this.current.take(batch, this.horizon);
    if (batch.globals.length > 0) this.folds.forgetAll();
    for (const { occurredAt } of batch.ledger) if (occurredAt > this.latestFactAt) this.latestFactAt = occurredAt;
    const touched = this.current.touchedBy(batch.links, before);
    this.folds.forget(touched);
    return touched;
  }

  /** Customers that a batch does not simply let grow, and those that these dead letters hold back. */
  private async mustFoldAgain(
    batch: IntakeBatch,
    touched: ReadonlySet<string>,
    letters: ReadonlyArray<DeadLetter>,
  ): Promise<ReadonlySet<string>> {
    const { links } = this.current;
    const again = await foldedAgain(batch, touched, links, this.readModels);
    for (const { partyId } of letters) if (partyId !== null) again.add(rootOf(links, partyId));
    // What failed under one policy may not under another, and who is held back may have no row to be due.
    if (batch.globals.length > 0) for (const root of this.folds.held.failingRoots()) again.add(root);
    return again;
  }

  /** Commits what a batch brings beside the changes of customers, and those. */
  private async commitBatch(batch: IntakeBatch, change: FoldedChange): Promise<void> {
    this.facts += batch.ledger.length;
    const warnings = this.current.untold.map((warning) => ({
      streamId: campaignNotificationStreamOf(warning.key),
      event: notificationEventOf(warning),
    }));
    await this.commit({
      ...batch,
      ...change,
      facts: batch.ledger,
      everyoneDue: batch.globals.length > 0,
      outgoing: warnings.length === 0 ? change.outgoing : [...change.outgoing, ...warnings],
    });
  }

  /** Whether it is in the read models or not is not known when a commit fails: what is in memory follows them. */
  private async commit(change: Change): Promise<void> {
    try {
      await this.write(change);
    } catch (error) {
      await this.reload();
      throw error;
    }
  }

  private async write(change: Change): Promise<void> {
    // fault point: the projections are about to commit
    this.changes += 1;
    await this.readModels.commit({
      facts: change.facts,
      customers: change.customers,
      removed: change.removed,
      identifiers: change.identifiers,
      referrals: change.referrals,
      everyoneDue: change.everyoneDue,
      outgoing: change.outgoing,
      claims: change.claims,
      forgotten: change.forgotten ?? [],
      deadLetters: change.deadLetters ?? [],
      erased: change.erased ?? [],
      checkpoint: {
        position: this.position,
        origin: this.origin,
        last: this.last,
        horizon: this.horizon,
        version: this.version,
        facts: this.facts,
        latestFactAt: this.latestFactAt,
        building: null,
      },
    });
    // fault point: the projections have committed
  }
}
