import { type FactType, isRecord } from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import type { PendingErasure } from './keys';

const ERASURE: FactType = 'PersonalDataErased';

export const isErasure = (type: string): boolean => type === ERASURE;

const erasedParty = ({ type, data }: NewEvent): ReadonlyArray<string> => {
  const partyId = isErasure(type) && isRecord(data) ? data['partyId'] : undefined;
  return typeof partyId === 'string' ? [partyId] : [];
};

/** The erasure that an append tells of, and what is to be finished afterwards; null: it tells of none. */
export const erasureIn = (streamId: string, events: ReadonlyArray<NewEvent>): PendingErasure | null => {
  const partyIds = [...new Set(events.flatMap(erasedParty))];
  const [first] = events;
  return partyIds.length === 0 || first === undefined ? null : { eventId: first.id, partyIds, streamId, events };
};
