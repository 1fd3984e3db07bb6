import { decodeStored, type Fact, globalFactTypes, isFactType, linksOf, membersOf, rootOf } from '@afecto/domain';
import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { ExportManifest } from './manifest';

/** A party and everything that is merged into it, and which events its profile is folded from. */
export interface PartyEvents {
  readonly members: ReadonlyArray<string>;
  /** Whether it is about the party itself. */
  readonly isAbout: (record: PartyRecord) => boolean;
  /** Whether its profile needs it, though it is not about it: policies, and orders of those whom it referred. */
  readonly isNeeded: (record: PartyRecord) => boolean;
}

type PartyRecord = Pick<EncodedRecord, 'type' | 'streamId' | 'isJson' | 'metadata'>;

/** What says who is one customer, and whom it referred. */
export const partyFactTypes = ['PartiesMerged', 'PartiesSeparated', 'ReferralMade'] as const;
const lookedInto: ReadonlySet<string> = new Set(partyFactTypes);
/** Of a party that was referred: what it ordered, and who it is. */
const OF_REFERRED: ReadonlySet<string> = new Set(['OrderPlaced', 'PartiesMerged', 'PartiesSeparated']);
const STREAMS_OF_A_PARTY = ['party-', 'derived-'];

const valueIn = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch {
    return null;
  }
};

const subjectsIn = ({ isJson, metadata }: PartyRecord): ReadonlyArray<unknown> => {
  const value = isJson ? valueIn(metadata) : null;
  const subjects = typeof value === 'object' && value !== null && 'subjects' in value ? value.subjects : [];
  return Array.isArray(subjects) ? subjects : [];
};

/** What belongs to a party, by links and referrals: of the log, or of an export of it, which has all that concern it. */
export const partyEvents = (facts: ReadonlyArray<Fact>, partyId: string): PartyEvents => {
  const known = linksOf(facts);
  const ofParty = (id: string): ReadonlyArray<string> => [id, ...membersOf(known, rootOf(known, id))];
  const members = new Set(ofParty(partyId));
  const referred = new Set(
    facts.flatMap(({ type, data }) =>
      type === 'ReferralMade' && data.referredId !== undefined && members.has(data.referrerId)
        ? ofParty(data.referredId)
        : [],
    ),
  );
  const streams = new Set([...members].flatMap((member) => STREAMS_OF_A_PARTY.map((prefix) => prefix + member)));
  const names = (record: PartyRecord, parties: ReadonlySet<unknown>): boolean =>
    subjectsIn(record).some((subject) => parties.has(subject));
  return {
    members: [...members],
    isAbout: (record) => streams.has(record.streamId) || names(record, members),
    isNeeded: (record) =>
      (isFactType(record.type) && globalFactTypes.has(record.type)) ||
      (OF_REFERRED.has(record.type) && referred.size > 0 && names(record, referred)),
  };
};

/** What of a part does not belong to the party of its manifest. `at` counts its events from 0; null: the party itself. */
export interface PartyFault {
  readonly at: number | null;
  readonly found: string;
  readonly expected: string;
}

/**
 * Looks at the events of a part: all are about the party that it names, or are what its profile needs; by the
 * merges among them its members are those that it names.
 */
export class PartyCheck {
  readonly #facts: Fact[] = [];
  readonly #records: PartyRecord[] = [];

  add(record: EncodedRecord): void {
    const { type, streamId, isJson, data, metadata } = record;
    this.#records.push({ type, streamId, isJson, metadata });
    if (!isJson || !lookedInto.has(type)) return;
    const fact = decodeStored({ ...record, data: valueIn(data), metadata: valueIn(metadata) });
    if (E.isRight(fact)) this.#facts.push(fact.right);
  }

  /** Null: nothing is wrong. */
  fault({ party }: Pick<ExportManifest, 'party'>): PartyFault | null {
    const partyId = party?.id ?? '';
    const { members, isAbout, isNeeded } = partyEvents(this.#facts, partyId);
    const named = party?.members.join(', ') ?? '';
    if (named !== members.join(', '))
      return { at: null, found: named, expected: `${members.join(', ')}, by the merges` };
    const at = this.#records.findIndex((record) => !isAbout(record) && !isNeeded(record));
    if (at !== -1) return { at, found: 'an event of another party', expected: `one of ${partyId}, or that it needs` };
    return this.#records.some(isAbout)
      ? null
      : { at: null, found: partyId, expected: 'a party that an event of the export is about' };
  }
}
