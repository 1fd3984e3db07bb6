import {
  type CommandActor,
  type Configuration,
  type Instant,
  isPolicyFact,
  type NewFact,
  toNewEvent,
} from '@afecto/domain';
import type { Appended, AppendError, AppendRequest, EventStore, StoreUnavailable } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { tellErasure } from './erasure-append';
import { type Bench, forbidden, judged } from './judge';
import { tellPolicy, type Told } from './policy-append';
import { needsReportingCurrency, type ReportingCurrencyAt, unreportable } from './reporting-currency';
import { type Quarantine, type Rejected, type Rejection, withoutErased } from './quarantine';

export interface RejectedFact extends Rejection {
  /** Place in the call, from 0. */
  readonly index: number;
  /** The sender's id when it could be read. */
  readonly id: string | null;
  readonly quarantineId: string;
}

export interface IntakeResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: ReadonlyArray<RejectedFact>;
  /** Everything accepted, and every original of a duplicate, lies at or before this position. */
  readonly position: bigint;
}

export interface Intake {
  /**
   * Takes facts of other systems, in CloudEvents structured form. Each is judged by itself: a refused
   * one goes to quarantine with its reason and does not stop its neighbours. Resolves after the
   * accepted ones are durable. Left: the store could not take them now; nothing of the call is
   * acknowledged and the same call may be sent again.
   *
   * @param sender whose roles say which facts it may tell; default the system itself, which may tell all
   */
  readonly accept: (
    events: ReadonlyArray<unknown>,
    sender?: CommandActor,
  ) => Promise<E.Either<StoreUnavailable, IntakeResult>>;
  /**
   * Judges a quarantined fact again, by what whoever asks may tell; accepted or duplicate, it leaves the
   * quarantine. Null: no such entry.
   */
  readonly retry: (
    quarantineId: string,
    sender?: CommandActor,
  ) => Promise<E.Either<StoreUnavailable, IntakeResult> | null>;
}

export interface IntakeOptions {
  readonly store: EventStore;
  readonly quarantine: Quarantine;
  readonly now: () => Instant;
  /** In force now: says how far ahead a fact may be dated, and who may tell what. */
  readonly configuration: () => Configuration;
  /** In which currency orders are reported, by the log as it is. */
  readonly reportingCurrency: () => Promise<ReportingCurrencyAt>;
  /** Whether the party, or one that is the same customer, is under legal hold now. */
  readonly isHeld: (partyId: string) => Promise<boolean>;
  /** Whether everything personal of the party is erased. */
  readonly isErased: (partyId: string) => boolean;
}

/** Of whoever has the log's files before it. */
const theSystem: CommandActor = { kind: 'system', id: 'afecto', roles: [] };

const senderId = (event: unknown): string | null =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string' ? event.id : null;

const requestOf = (fact: NewFact): AppendRequest => {
  const { id, type, data, metadata } = toNewEvent(fact);
  return { streamId: fact.streamId, expectedRevision: 'any', events: [{ id, type, data, metadata }] };
};

const refusal = (error: AppendError): Rejection =>
  error.code === 'EventIdConflict'
    ? {
        code: 'IdempotencyConflict',
        errors: [
          { path: '/id', message: `was used by this source for another fact (position ${String(error.position)})` },
        ],
      }
    : {
        code: 'ValidationFailed',
        errors: [
          error.code === 'StreamDeleted'
            ? { path: '/streamid', message: error.message }
            : { path: '', message: error.code === 'InvalidEvent' ? error.message : error.code },
        ],
      };

export const createIntake = ({
  store,
  quarantine,
  now,
  configuration,
  reportingCurrency,
  isHeld,
  isErased,
}: IntakeOptions): Intake => {
  /** Of facts that cannot simply be appended; null: it can. */
  const toldBy = (fact: NewFact, bench: Bench): (() => Promise<Told>) | null => {
    if (isPolicyFact(fact)) return () => tellPolicy(store, fact, bench);
    return fact.type === 'PersonalDataErased' ? () => tellErasure(store, fact, isHeld) : null;
  };

  const accept: Intake['accept'] = async (events, sender = theSystem) => {
    const receivedAt = now();
    const bench: Bench = { now: receivedAt, configuration: configuration(), sender };
    const refused: (Rejected & { readonly index: number })[] = [];
    const reject = (index: number, rejection: Rejection): void => {
      refused.push({ index, event: events[index], rejection });
    };
    let accepted = 0;
    let duplicates = 0;
    let position = 0n;
    let failure: StoreUnavailable | null = null;
    /** Null: not asked yet, or a policy of this very call has come in since. */
    let currencyAt: ReportingCurrencyAt | null = null;
    const whyNot = async (fact: NewFact): Promise<Rejection | null> => {
      const refusedTo = forbidden(fact, bench);
      if (refusedTo !== null || !needsReportingCurrency(fact)) return refusedTo;
      currencyAt ??= await reportingCurrency();
      return unreportable(fact, currencyAt);
    };
    const count = (index: number, outcome: E.Either<AppendError | StoreUnavailable, Appended>): void => {
      if (E.isRight(outcome)) {
        if (outcome.right.duplicate) duplicates += 1;
        else accepted += 1;
        for (const event of outcome.right.events) if (event.position > position) position = event.position;
      } else if (outcome.left.code === 'StoreClosed' || outcome.left.code === 'StoreFailed') {
        failure ??= outcome.left;
      } else {
        reject(index, refusal(outcome.left));
      }
    };
    let waiting: { readonly index: number; readonly request: AppendRequest }[] = [];
    const appendWaiting = async (): Promise<void> => {
      const batch = waiting;
      waiting = [];
      // fault point: the intake is about to append
      const outcomes = await store.appendMany(batch.map(({ request }) => request));
      // fault point: the intake has appended
      for (const [place, { index }] of batch.entries()) {
        const outcome = outcomes[place];
        if (outcome !== undefined) count(index, outcome);
      }
    };

    for (const [index, event] of events.entries()) {
      const fact = judged(event, bench);
      if (E.isLeft(fact)) {
        reject(index, fact.left);
        continue;
      }
      const why = await whyNot(fact.right);
      // What is in the log already is told again without any power: it is a duplicate for everybody.
      if (why !== null && (await store.findById(fact.right.eventId)) === null) {
        reject(index, why);
        continue;
      }
      const told = toldBy(fact.right, bench);
      if (told === null) {
        waiting.push({ index, request: requestOf(fact.right) });
        continue;
      }
      if (waiting.length > 0) await appendWaiting();
      if (failure !== null) break;
      const answer = await told();
      currencyAt = null;
      if (answer.kind === 'refused') reject(index, answer.rejection);
      else count(index, answer.outcome);
    }
    await appendWaiting();
    if (failure !== null) return E.left(failure);
    refused.sort((a, b) => a.index - b.index);
    // Not before: who is erased while the call is under way is forgotten by the quarantine of then.
    const aside = refused.map(({ event, rejection }) => ({ event: withoutErased(event, isErased), rejection }));
    let ids: ReadonlyArray<string>;
    try {
      ids = quarantine.put(aside, receivedAt);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return E.left({
        code: 'StoreFailed',
        message: `what is refused cannot be kept in ${quarantine.file} (${why}); what is not is in the log; send the same again`,
      });
    }
    // fault point: the intake has put aside what it refuses
    const rejected = refused.map(({ index, event, rejection }, place): RejectedFact => ({
      index,
      id: senderId(event),
      quarantineId: ids[place] ?? '',
      ...rejection,
    }));
    if (accepted + duplicates === 0) position = await store.head();
    return E.right({ accepted, duplicates, rejected, position });
  };

  return {
    accept,
    retry: async (quarantineId, sender) => {
      const entry = quarantine.get(quarantineId);
      if (entry === null) return null;
      const result = await accept([entry.event], sender);
      if (E.isRight(result) && result.right.rejected.length === 0) quarantine.remove(quarantineId);
      return result;
    },
  };
};
