import { isDeepStrictEqual } from 'node:util';
import { type NewFact, toNewEvent } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Told } from './policy-append';

type Log = Pick<EventStore, 'append' | 'findById'>;

/**
 * Appends that personal data are erased, at which their keys are destroyed for ever. So what would be refused
 * afterwards is refused before: an id that another fact has, and a party under legal hold (`domain.md §17.3`).
 *
 * @param isHeld whether the party, or one that is the same customer, is under legal hold now
 */
export const tellErasure = async (
  store: Log,
  fact: NewFact,
  isHeld: (partyId: string) => Promise<boolean>,
): Promise<Told> => {
  const event = toNewEvent(fact);
  const { streamId } = fact;
  const known = await store.findById(fact.eventId);
  if (known !== null) {
    const { type, data, metadata, position } = known;
    const isSame = isDeepStrictEqual([type, data, metadata], [event.type, event.data, event.metadata]);
    const { eventId } = fact;
    return isSame && known.streamId === streamId
      ? { kind: 'appended', outcome: E.right({ streamId, duplicate: true, events: [known] }) }
      : { kind: 'appended', outcome: E.left({ code: 'EventIdConflict', streamId, eventId, position }) };
  }
  if (fact.type === 'PersonalDataErased' && (await isHeld(fact.data.partyId))) {
    const message = `must not be under legal hold (/privacy/legalHolds of the configuration); got ${fact.data.partyId}`;
    return { kind: 'refused', rejection: { code: 'LegalHold', errors: [{ path: '/data/partyId', message }] } };
  }
  return { kind: 'appended', outcome: await store.append({ streamId, expectedRevision: 'any', events: [event] }) };
};
