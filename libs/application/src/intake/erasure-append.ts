import { type NewFact, toNewEvent } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { Told } from './policy-append';

type Log = Pick<EventStore, 'append' | 'findById'>;

/**
 * Appends that personal data are erased, at which their keys are destroyed for ever: nobody under legal hold is
 * (`domain.md §17.3`). What is in the log already destroys nothing, and is the duplicate or the conflict that it is.
 *
 * @param isHeld whether the party, or one that is the same customer, is under legal hold now
 */
export const tellErasure = async (
  store: Log,
  fact: NewFact,
  isHeld: (partyId: string) => Promise<boolean>,
): Promise<Told> => {
  const { streamId } = fact;
  if (
    fact.type === 'PersonalDataErased' &&
    (await store.findById(fact.eventId)) === null &&
    (await isHeld(fact.data.partyId))
  ) {
    const message = `must not be under legal hold (/privacy/legalHolds of the configuration); got ${fact.data.partyId}`;
    return { kind: 'refused', rejection: { code: 'LegalHold', errors: [{ path: '/data/partyId', message }] } };
  }
  const events = [toNewEvent(fact)];
  return { kind: 'appended', outcome: await store.append({ streamId, expectedRevision: 'any', events }) };
};
