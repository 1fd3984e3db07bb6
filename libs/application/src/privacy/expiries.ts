import { setTimeout as pause } from 'node:timers/promises';
import {
  calendarOf,
  eventIdOf,
  expiredAt,
  type Instant,
  NEVER,
  membersOf,
  type PersonalClass,
  personalClasses,
  policyAt,
  retentionEnds,
  toNewEvent,
} from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import type { SealedEventStore } from '@afecto/privacy';
import type { ProjectionEngine } from '@afecto/projections';
import type { ExpiringCustomer, ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { COMMAND_SOURCE } from '../commands/executor';
import type { Erasures } from './erasures';

/** Customers whose keys go before rows forget them; files are cleared once, at the end of the run. */
const A_TURN = 1_000;
/** Customers about whom nothing is taken in while it is made sure that they are due, and their keys go. */
const A_STEP = 50;
/** So many are looked for in the files by what was personal of them; of more the files are written anew. */
const REMEMBERED = 20;
/** How often is looked whether another day has begun, in milliseconds of the machine's clock. */
const LOOK_MS = 1_000;
/** After a failed run: how long is waited before the next try, in milliseconds. */
const RETRY_MS = 60_000;

/** A customer of whom the named class is due; with identity goes all that is left. */
export interface Expiring {
  readonly partyId: string;
  readonly members: ReadonlyArray<string>;
  readonly class: PersonalClass;
  readonly expiresAt: Instant;
}

export interface ExpiryRun {
  /** Customers whose free text went, and those of whom everything went. */
  readonly content: number;
  readonly identity: number;
  /**
   * Customers that are due and kept for now: facts of theirs are dated ahead or wait behind a dead letter, or
   * somebody was merged into them in this very moment.
   */
  readonly waiting: number;
}

export interface ExpireOptions {
  readonly onExpired?: (expired: Expiring, run: ExpiryRun) => void;
  readonly signal?: AbortSignal;
}

/** Personal data whose period is over (`domain.md §17.9`). */
export interface Expiries {
  /** Who is due by an instant, that due first before the others. */
  readonly due: (at: Instant) => AsyncIterable<Expiring>;
  /** Erases what is due by an instant, not after now. An interrupted or failed run is gone on with by the next one. */
  readonly expire: (at: Instant, options?: ExpireOptions) => Promise<ExpiryRun>;
}

export interface ExpirySources {
  readonly store: SealedEventStore;
  readonly readModels: ReadModels;
  readonly engine: ProjectionEngine;
  readonly erasures: Pick<Erasures, 'remember' | 'finishTogether'>;
  readonly upToDate: () => Promise<void>;
  readonly now: () => Instant;
}

const BASIS = 'retention_period';
const ACTOR = { kind: 'system', id: 'retention' } as const;
const CONTENT: ReadonlyArray<PersonalClass> = ['content'];

/** As the customer is now; null: it is not due after all. */
const expiring = async (
  partyId: string,
  at: Instant,
  engine: Pick<ProjectionEngine, 'foldOf' | 'world'>,
): Promise<Expiring | null> => {
  const fold = await engine.foldOf(partyId);
  if (fold === null) return null;
  const { links, regime } = engine.world;
  const ends = retentionEnds(fold.evidence, policyAt(regime, at).configuration);
  const due = expiredAt(ends, at);
  if (due === null) return null;
  const members = [partyId, ...membersOf(links, partyId).filter((member) => member !== partyId)];
  return { partyId, members, class: due, expiresAt: ends[due] };
};

/** Who is due by an instant as the read models are, that due first before the others. */
export async function* expiringCustomers(
  { engine, readModels }: Pick<ExpirySources, 'engine' | 'readModels'>,
  at: Instant,
): AsyncGenerator<Expiring, void, void> {
  for (let after: ExpiringCustomer | undefined; ;) {
    const page = await readModels.expiringCustomers(at, { ...(after === undefined ? {} : { after }), limit: A_TURN });
    for (const { partyId } of page) {
      const found = await expiring(partyId, at, engine);
      if (found !== null) yield found;
    }
    after = page.at(-1);
    if (after === undefined) return;
  }
}

/** The next ones, at most so many; fewer: there are no more. */
const taken = async <A>(items: AsyncGenerator<A, void, void>, most: number): Promise<ReadonlyArray<A>> => {
  const some: A[] = [];
  while (some.length < most) {
    const next = await items.next();
    if (next.done === true) break;
    some.push(next.value);
  }
  return some;
};

/** Finds who is due by the index of the read models, and erases as on request: keys, fact, copies. */
export const createExpiries = ({ store, readModels, engine, erasures, upToDate, now }: ExpirySources): Expiries => {
  /** Whether there is more about the customer than it is folded from: then its period may not be over. */
  const isWaiting = async ({ members }: Expiring, at: Instant): Promise<boolean> =>
    (await readModels.newestFacts(members, { from: at + 1, to: Number.MAX_SAFE_INTEGER, limit: 1 })).length > 0 ||
    (await readModels.deadLetters({ partyIds: members, limit: 1 })).length > 0;

  /** The rows hold the whole log. A step under way tells its position before it has committed its rows. */
  const everythingIsProjected = async (): Promise<void> => {
    for (;;) {
      const head = await store.head();
      await upToDate();
      if (await engine.exclusively(() => Promise.resolve(engine.at.position >= head))) return;
    }
  };

  async function* due(at: Instant): AsyncGenerator<Expiring, void, void> {
    await everythingIsProjected();
    yield* expiringCustomers({ engine, readModels }, at);
  }

  /** The same events whoever makes them: two processes that come to one boundary tell one thing. */
  const eventsOf = (
    { members, class: due, expiresAt, partyId: root }: Expiring,
    at: Instant,
  ): ReadonlyArray<NewEvent> =>
    members.map((partyId) => {
      const classes = due === 'content' ? CONTENT : personalClasses;
      const id = `expiry.${due}.${partyId}.${expiresAt}.${at}`;
      return toNewEvent({
        eventId: eventIdOf(COMMAND_SOURCE, id),
        type: 'PersonalDataErased',
        schemaVersion: 1,
        streamId: `party-${root}`,
        occurredAt: at,
        source: COMMAND_SOURCE,
        id,
        subjects: [partyId],
        actor: ACTOR,
        data: {
          partyId,
          keyIds: store.keys.keyIdsOf(partyId, classes),
          basis: BASIS,
          ...(due === 'content' ? { classes: CONTENT } : {}),
        },
      });
    });

  const begin = async (expired: Expiring, at: Instant): Promise<void> => {
    const streamId = `party-${expired.partyId}`;
    const appended = await store.append({ streamId, expectedRevision: 'any', events: eventsOf(expired, at) });
    if (E.isLeft(appended)) throw new Error('message' in appended.left ? appended.left.message : appended.left.code);
  };

  /**
   * What one of these is due for with everything that is in the log, and nothing comes in meanwhile; `waiting`:
   * it is kept for now; null: it is not due after all.
   */
  const judged = async ({ partyId, members }: Expiring, at: Instant): Promise<Expiring | 'waiting' | null> => {
    const now = await expiring(partyId, at, engine);
    if (now === null) return null;
    const isKnown = now.members.every((member) => members.includes(member));
    return isKnown && !(await isWaiting(now, at)) ? now : 'waiting';
  };

  return {
    due,
    expire: async (at, { onExpired, signal } = {}) => {
      if (at > now()) throw new Error('what is not over yet cannot have expired');
      let run: ExpiryRun = { content: 0, identity: 0, waiting: 0 };
      const forget: (() => void)[] = [];
      /**
       * Whoever speaks while keys are destroyed is sealed under the next ones; whoever has spoken is not due. So
       * nothing that was said after the expiry is under a key that goes.
       */
      const step = (found: ReadonlyArray<Expiring>): Promise<void> =>
        store.whileNothingIsSealed(
          found.flatMap(({ members }) => members),
          async () => {
            await everythingIsProjected();
            for (const each of found) {
              if (signal?.aborted === true) return;
              const expired = await judged(each, at);
              if (expired === null) continue;
              if (expired === 'waiting') {
                run = { ...run, waiting: run.waiting + 1 };
                continue;
              }
              if (expired.class === 'identity' && forget.length < REMEMBERED)
                forget.push(await erasures.remember(expired.partyId));
              await begin(expired, at);
              run = { ...run, [expired.class]: run[expired.class] + 1 };
              onExpired?.(expired, run);
            }
          },
        );
      /** Those that wait stay due: the next turn begins after them. */
      const turn = async (found: AsyncGenerator<Expiring, void, void>): Promise<boolean> => {
        for (let looked = 0; looked < A_TURN && signal?.aborted !== true; looked += A_STEP) {
          const some = await taken(found, A_STEP);
          if (some.length > 0) await step(some);
          if (some.length < A_STEP) return true;
        }
        return signal?.aborted === true;
      };
      try {
        return await erasures.finishTogether(async (begins) => {
          const found = due(at);
          while (!(await begins(() => turn(found))));
          return run;
        });
      } finally {
        for (const each of forget) each();
      }
    },
  };
};

export interface DailyOptions {
  readonly isOn: boolean;
  readonly now: () => Instant;
  /** Of the tenant, as it is now. */
  readonly timeZone: () => string;
  readonly onFailure?: (message: string) => void;
}

/** Runs at each day boundary 00:00 of the tenant by the given clock; the first one is the last that has passed. */
export const expireDaily = (
  expiries: Pick<Expiries, 'expire'>,
  { isOn, now, timeZone, onFailure }: DailyOptions,
): { readonly stop: () => Promise<void> } => {
  const ended = new AbortController();
  const { signal } = ended;
  const rest = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  const running = (async () => {
    let done: Instant = -NEVER;
    while (isOn && !signal.aborted) {
      const today = calendarOf(timeZone()).dayStart(now());
      try {
        if (today > done) await expiries.expire(today, { signal });
        done = Math.max(done, today);
        await rest(LOOK_MS);
      } catch (error) {
        if (signal.aborted) return;
        onFailure?.(error instanceof Error ? error.message : String(error));
        await rest(RETRY_MS);
      }
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
