import { type Fact, globalFactTypes, isFactType, linksOf, membersOf, rootOf } from '@afecto/domain';
import type { EncodedRecord, EventStore } from '@afecto/event-store';
import { placedFact } from '@afecto/projections';

/** A party and everything that is merged into it, and which events its profile is folded from. */
export interface PartyEvents {
  readonly members: ReadonlyArray<string>;
  /** Whether it is about the party itself. */
  readonly isAbout: (record: EncodedRecord) => boolean;
  /** Whether its profile needs it, though it is not about it: policies, and orders of those whom it referred. */
  readonly isNeeded: (record: EncodedRecord) => boolean;
}

const LOOKED_INTO = ['PartiesMerged', 'PartiesSeparated', 'ReferralMade'];
/** Of a party that was referred: what it ordered, and who it is. */
const OF_REFERRED: ReadonlySet<string> = new Set(['OrderPlaced', 'PartiesMerged', 'PartiesSeparated']);
const STREAMS_OF_A_PARTY = ['party-', 'derived-'];

const subjectsIn = ({ isJson, metadata }: EncodedRecord): ReadonlyArray<unknown> => {
  if (!isJson) return [];
  try {
    const value: unknown = JSON.parse(
      Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length).toString('utf8'),
    );
    const subjects = typeof value === 'object' && value !== null && 'subjects' in value ? value.subjects : [];
    return Array.isArray(subjects) ? subjects : [];
  } catch {
    return [];
  }
};

/** Looks through the links and referrals of a log for what belongs to a party. */
export const partyEvents = async (kept: EventStore, partyId: string): Promise<PartyEvents> => {
  const links: Fact[] = [];
  const referrals: { readonly by: string; readonly of: string }[] = [];
  for await (const page of kept.readAll({ types: LOOKED_INTO }))
    for (const event of page) {
      const fact = placedFact(event)?.fact;
      if (fact === undefined) continue;
      if (fact.type !== 'ReferralMade') links.push(fact);
      else if (fact.data.referredId !== undefined)
        referrals.push({ by: fact.data.referrerId, of: fact.data.referredId });
    }
  const known = linksOf(links);
  const ofParty = (id: string): ReadonlyArray<string> => [id, ...membersOf(known, rootOf(known, id))];
  const members = new Set(ofParty(partyId));
  const referred = new Set(referrals.flatMap(({ by, of }) => (members.has(by) ? ofParty(of) : [])));
  const streams = new Set([...members].flatMap((member) => STREAMS_OF_A_PARTY.map((prefix) => prefix + member)));
  const names = (record: EncodedRecord, parties: ReadonlySet<unknown>): boolean =>
    subjectsIn(record).some((subject) => parties.has(subject));
  return {
    members: [...members],
    isAbout: (record) => streams.has(record.streamId) || names(record, members),
    isNeeded: (record) =>
      (isFactType(record.type) && globalFactTypes.has(record.type)) ||
      (OF_REFERRED.has(record.type) && referred.size > 0 && names(record, referred)),
  };
};
