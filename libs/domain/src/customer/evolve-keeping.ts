import type { Fact } from '../facts/envelope';
import { isErasureOfAll } from '../privacy/events';
import { personalPresences } from '../privacy/personal-presence';
import type { MutableEvidence } from './mutable-evidence';

/**
 * Whether a fact is of the relationship and not only of our own work on it: what we offer, spend, plan or
 * note about somebody who says nothing would otherwise keep the data of the silent for ever. Practice of
 * supervisory authorities: the period runs from the last contact that comes from the person, or from
 * the end of the business with it.
 */
const isOfTheRelationship = (fact: Fact): boolean => {
  switch (fact.type) {
    case 'OfferMade':
    case 'CostToServeRecorded':
    case 'SwitchingBarrierSet':
    case 'ServiceFailureDetected':
    case 'DefectionDiagnosed':
    case 'RetentionMeasureTaken':
    case 'WorkItemClaimed':
    case 'WorkItemReleased':
    case 'WorkItemCompleted':
    case 'DataSubjectRequestFulfilled':
    case 'PersonalDataErased':
      return false;
    case 'InteractionRecorded':
      return fact.data.direction === 'inbound';
    default:
      return true;
  }
};

const including = (parties: ReadonlyArray<string>, partyId: string): ReadonlyArray<string> =>
  parties.includes(partyId) ? parties : [...parties, partyId];

const excluding = (parties: ReadonlyArray<string>, partyId: string): ReadonlyArray<string> =>
  parties.includes(partyId) ? parties.filter((known) => known !== partyId) : parties;

/** Of whom something personal is kept, by class, and from when on its period runs (`domain.md §17.9`). */
export const evolveKeeping = ({ members, person }: MutableEvidence, fact: Fact): void => {
  const { keeping } = person;
  let counts = isOfTheRelationship(fact);
  for (const { partyId, class: personalClass } of personalPresences(fact)) {
    if (!members.has(partyId)) continue;
    // What is written down about somebody is kept for its whole period, whoever wrote it.
    counts = true;
    keeping[personalClass] = including(keeping[personalClass], partyId);
  }
  if (counts && (keeping.activityAt === null || fact.occurredAt > keeping.activityAt))
    keeping.activityAt = fact.occurredAt;
  if (fact.type !== 'PersonalDataErased') return;
  keeping.content = excluding(keeping.content, fact.data.partyId);
  if (isErasureOfAll(fact.data)) keeping.identity = excluding(keeping.identity, fact.data.partyId);
};
