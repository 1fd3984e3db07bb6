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

/** Customers whose keys go before copies are cleared, once for all of them. */
const A_TURN = 1_000;
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
  /** Customers that are due and kept for now: facts of theirs are dated ahead, or wait behind a dead letter. */
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

/** Finds who is due by the index of the read models, and erases as on request: keys, fact, copies. */
export const createExpiries = ({ store, readModels, engine, erasures, upToDate, now }: ExpirySources): Expiries => {
  /** Whether there is more about the customer than it is folded from: then its period may not be over. */
  const isWaiting = async ({ members }: Expiring, at: Instant): Promise<boolean> =>
    (await readModels.newestFacts(members, { from: at + 1, to: Number.MAX_SAFE_INTEGER, limit: 1 })).length > 0 ||
    (await readModels.deadLetters({ partyIds: members, limit: 1 })).length > 0;

  async function* due(at: Instant): AsyncGenerator<Expiring, void, void> {
    await upToDate();
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

  return {
    due,
    expire: async (at, { onExpired, signal } = {}) => {
      if (at > now()) throw new Error('what is not over yet cannot have expired');
      let run: ExpiryRun = { content: 0, identity: 0, waiting: 0 };
      /** Those that wait stay due: the next turn begins after them. */
      const turn = async (found: AsyncGenerator<Expiring, void, void>): Promise<boolean> => {
        const forget: (() => void)[] = [];
        try {
          return await erasures.finishTogether(async () => {
            for (let begun = 0; begun < A_TURN && signal?.aborted !== true;) {
              const next = await found.next();
              if (next.done === true) return true;
              const expired = next.value;
              if (await isWaiting(expired, at)) {
                run = { ...run, waiting: run.waiting + 1 };
                continue;
              }
              if (expired.class === 'identity' && forget.length < REMEMBERED)
                forget.push(await erasures.remember(expired.partyId));
              await begin(expired, at);
              begun += 1;
              run = { ...run, [expired.class]: run[expired.class] + 1 };
              onExpired?.(expired, run);
            }
            return signal?.aborted === true;
          });
        } finally {
          for (const each of forget) each();
        }
      };
      const found = due(at);
      while (!(await turn(found)));
      return run;
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
