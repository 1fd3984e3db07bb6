import { type FactType, isRecord } from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import { happenedAt } from './happened-at';
import type { PendingErasure } from './keys';

const ERASURE: FactType = 'PersonalDataErased';

export const isErasure = (type: string): boolean => type === ERASURE;

interface ErasedParty {
  readonly partyId: string;
  readonly isOfAll: boolean;
}

const isOfContentOnly = (classes: unknown): boolean =>
  Array.isArray(classes) && classes.length > 0 && classes.every((each: unknown) => each === 'content');

const erasedParty = ({ type, data }: NewEvent): ReadonlyArray<ErasedParty> => {
  if (!isErasure(type) || !isRecord(data) || typeof data['partyId'] !== 'string') return [];
  return [{ partyId: data['partyId'], isOfAll: !isOfContentOnly(data['classes']) }];
};

/** The erasure that an append tells of, and what is to be finished afterwards; null: it tells of none. */
export const erasureIn = (streamId: string, events: ReadonlyArray<NewEvent>): PendingErasure | null => {
  const erased = events.flatMap(erasedParty);
  const [first] = events;
  if (erased.length === 0 || first === undefined) return null;
  const whole = new Set(erased.filter(({ isOfAll }) => isOfAll).map(({ partyId }) => partyId));
  const partyIds = [...new Set(erased.map(({ partyId }) => partyId))];
  const contentOnly = partyIds.filter((partyId) => !whole.has(partyId));
  return { eventId: first.id, partyIds, contentOnly, happenedAt: happenedAt(first), streamId, events };
};
