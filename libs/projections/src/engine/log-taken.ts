import type { Instant, QueueId } from '@afecto/domain';
import type { EventText } from '@afecto/event-store';
import type { Opening } from '@afecto/privacy';
import type { Batch, Checkpoint, DeadLetter, IdentifierRow, LedgerFact, ReferralRow } from '@afecto/read-models';
import { lettersOf } from './dead-letters';
import { lastOf, NO_CHANGE, PROJECTIONS_VERSION } from './engine';
import { intakeBatch } from './intake-batch';
import { passedOver, storedEventOf } from './ledger-entry';
import { isLookedInto } from './read-fact';

const MUCH = 20_000;

const begun = (horizon: Instant): Checkpoint => ({
  position: 0n,
  origin: null,
  last: null,
  horizon,
  version: PROJECTIONS_VERSION,
  facts: 0,
  latestFactAt: Number.MIN_SAFE_INTEGER,
  building: { step: 'ledger' },
});

/** What a build takes from a log in order that does not belong to the ledger of one party. */
export class LogTaken {
  readonly #begun: Checkpoint;
  #checkpoint: Checkpoint;
  #world: LedgerFact[] = [];
  #deadLetters: DeadLetter[] = [];
  #identifiers: IdentifierRow[] = [];
  #referrals: ReferralRow[] = [];
  #erased: string[] = [];
  readonly #claims = new Map<QueueId, number>();

  /** @param much entries held in memory until the next commit */
  constructor(
    horizon: Instant,
    private readonly opening: Opening,
    private readonly much = MUCH,
  ) {
    this.#begun = begun(horizon);
    this.#checkpoint = this.#begun;
  }

  /** `facts`: the places of these events; null where one has none. */
  take(page: ReadonlyArray<EventText>, facts: ReadonlyArray<LedgerFact | null>): void {
    const toLookInto: EventText[] = [];
    let { facts: count, latestFactAt } = this.#checkpoint;
    for (const [index, text] of page.entries()) {
      const fact = facts[index] ?? null;
      if (fact === null) {
        const unreadable = passedOver(text);
        if (unreadable !== null) this.#deadLetters.push(...lettersOf(unreadable, PROJECTIONS_VERSION));
        continue;
      }
      count += 1;
      if (fact.occurredAt > latestFactAt) latestFactAt = fact.occurredAt;
      // The ledger of its parties comes with their parts.
      if (fact.world) this.#world.push({ ...fact, subjects: [] });
      // Who somebody is, is read with the facts of its part: here its keys would be looked up once more.
      if (isLookedInto(text) && (text.type !== 'PartyIdentified' || fact.subjects.length === 0)) toLookInto.push(text);
    }
    this.#checkpoint = {
      ...this.#checkpoint,
      position: page.at(-1)?.position ?? this.#checkpoint.position,
      origin: this.#checkpoint.origin ?? page[0]?.id ?? null,
      last: lastOf(page) ?? this.#checkpoint.last,
      facts: count,
      latestFactAt,
    };
    if (toLookInto.length > 0) this.#lookInto(toLookInto);
  }

  #lookInto(texts: ReadonlyArray<EventText>): void {
    this.opening.refresh();
    const batch = intakeBatch(texts.map((text) => this.opening.event(storedEventOf(text))));
    this.#identifiers.push(...batch.identifiers);
    this.#referrals.push(...batch.referrals);
    this.#erased.push(...batch.erased);
    for (const [queue, count] of batch.claims) this.#claims.set(queue, (this.#claims.get(queue) ?? 0) + count);
  }

  get isMuch(): boolean {
    const lists = [this.#world, this.#deadLetters, this.#identifiers, this.#referrals, this.#erased];
    return lists.reduce((sum, { length }) => sum + length, 0) > this.much;
  }

  /** What was taken since the last call, without where it ends: after an interruption all of it is taken again. */
  some(): Batch {
    const batch = {
      ...NO_CHANGE,
      facts: this.#world,
      deadLetters: this.#deadLetters,
      identifiers: this.#identifiers,
      referrals: this.#referrals,
      erased: this.#erased,
      checkpoint: this.#begun,
    };
    this.#world = [];
    this.#deadLetters = [];
    this.#identifiers = [];
    this.#referrals = [];
    this.#erased = [];
    return batch;
  }

  /** The rest, with what may be added once only, and how far the log was taken. */
  all(building: Checkpoint['building']): Batch {
    return { ...this.some(), claims: this.#claims, checkpoint: { ...this.#checkpoint, building } };
  }
}
