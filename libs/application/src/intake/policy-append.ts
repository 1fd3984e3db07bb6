import { isPolicyFact, type NewFact, POLICY_STREAM, policyRefusal, toNewEvent } from '@afecto/domain';
import type { AppendError, Appended, EventStore, StoreUnavailable } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { factsIn } from '../commands/facts-in';
import type { Bench } from './judge';
import type { Rejection } from './quarantine';

/** Another writer was faster: judge again by what is in force then, at most this often. */
const ATTEMPTS = 8;

/** What became of a fact that was judged by what is in the log, and appended when nothing kept it out. */
export type Told =
  | { readonly kind: 'refused'; readonly rejection: Rejection }
  | { readonly kind: 'appended'; readonly outcome: E.Either<AppendError | StoreUnavailable, Appended> };

type Log = Pick<EventStore, 'append' | 'findById' | 'readStream'>;

/** Appends a fact about policy by the rules of its command; one that is there already is the duplicate or the conflict that it is. */
export const tellPolicy = async (store: Log, fact: NewFact, bench: Bench): Promise<Told> => {
  const events = [toNewEvent(fact)];
  const { streamId } = fact;
  for (let attempt = 1; ; attempt++) {
    if ((await store.findById(fact.eventId)) !== null)
      return { kind: 'appended', outcome: await store.append({ streamId, expectedRevision: 'any', events }) };
    const { facts, revision } = await factsIn(store, POLICY_STREAM);
    const rejection = isPolicyFact(fact) ? policyRefusal(fact, facts, bench) : null;
    if (rejection !== null) return { kind: 'refused', rejection };
    const outcome = await store.append({ streamId, expectedRevision: revision ?? 'noStream', events });
    if (E.isRight(outcome) || outcome.left.code !== 'WrongExpectedRevision' || attempt === ATTEMPTS)
      return { kind: 'appended', outcome };
  }
};
