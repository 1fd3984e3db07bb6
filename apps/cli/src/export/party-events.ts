import { type PartyEvents, partyEvents, partyFactTypes } from '@afecto/audit';
import type { Fact } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { placedFact } from '@afecto/projections';

/** Looks through the links and referrals of a log for what belongs to a party. */
export const partyEventsIn = async (kept: EventStore, partyId: string): Promise<PartyEvents> => {
  const facts: Fact[] = [];
  for await (const page of kept.readAll({ types: partyFactTypes }))
    for (const event of page) {
      const fact = placedFact(event)?.fact;
      if (fact !== undefined) facts.push(fact);
    }
  return partyEvents(facts, partyId);
};
