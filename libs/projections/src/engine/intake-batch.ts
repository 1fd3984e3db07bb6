import {
  compareFacts,
  type Fact,
  globalFactTypes,
  isErasureOfAll,
  type Links,
  normaliseIdentifier,
  type QueueId,
  rootOf,
} from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import type { IdentifierRow, LedgerFact, ReferralRow } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import {
  isLink,
  ledgerFactOf,
  ledgerFactOfUnreadable,
  type PlacedFact,
  readEvent,
  type Unreadable,
} from './ledger-entry';

/** What a run of events of the log brings, sorted by what it touches. */
export interface IntakeBatch {
  /** Position of the last event looked at, ours or not. */
  readonly position: bigint;
  readonly ledger: ReadonlyArray<LedgerFact>;
  readonly placed: ReadonlyArray<PlacedFact>;
  readonly links: ReadonlyArray<Fact>;
  readonly globals: ReadonlyArray<Fact>;
  readonly identifiers: ReadonlyArray<IdentifierRow>;
  readonly referrals: ReadonlyArray<ReferralRow>;
  readonly claims: ReadonlyMap<QueueId, number>;
  /** Parties whose personal data are erased. */
  readonly erased: ReadonlyArray<string>;
  /** Parties whose free text alone is erased. */
  readonly contentErased: ReadonlyArray<string>;
  /** Events of a fact's type that cannot be read; those that hold back somebody are in the ledger too. */
  readonly unreadable: ReadonlyArray<Unreadable>;
}

/** What an identification adds to the index of identifiers. */
export const identifiersOf = ({ data }: Extract<Fact, { type: 'PartyIdentified' }>): ReadonlyArray<IdentifierRow> =>
  data.identifiers.flatMap(({ scheme, value, verified }) =>
    // What is erased is in no index (`domain.md §17.3`).
    typeof value === 'string' ? [{ ...normaliseIdentifier({ scheme, value }), partyId: data.partyId, verified }] : [],
  );

export const intakeBatch = (events: ReadonlyArray<StoredEvent>): IntakeBatch => {
  const ledger: LedgerFact[] = [];
  const placed: PlacedFact[] = [];
  const links: Fact[] = [];
  const globals: Fact[] = [];
  const identifiers: IdentifierRow[] = [];
  const referrals: ReferralRow[] = [];
  const claims = new Map<QueueId, number>();
  const erased: string[] = [];
  const contentErased: string[] = [];
  const unreadable: Unreadable[] = [];
  for (const event of events) {
    const read = readEvent(event);
    if (read === null) continue;
    if (E.isLeft(read)) {
      unreadable.push(read.left);
      const place = ledgerFactOfUnreadable(read.left, event);
      if (place !== null) ledger.push(place);
      continue;
    }
    const entry = read.right;
    const { fact } = entry;
    placed.push(entry);
    ledger.push(ledgerFactOf(entry));
    if (isLink(fact)) links.push(fact);
    else if (globalFactTypes.has(fact.type)) globals.push(fact);
    if (fact.type === 'PartyIdentified') identifiers.push(...identifiersOf(fact));
    else if (fact.type === 'ReferralMade' && fact.data.referredId !== undefined) {
      referrals.push({ referrerId: fact.data.referrerId, referredId: fact.data.referredId });
    } else if (fact.type === 'PersonalDataErased') {
      (isErasureOfAll(fact.data) ? erased : contentErased).push(fact.data.partyId);
    } else if (fact.type === 'WorkItemClaimed') {
      claims.set(fact.data.queue, (claims.get(fact.data.queue) ?? 0) + 1);
    }
  }
  const position = events.at(-1)?.position ?? 0n;
  return {
    position,
    ledger,
    placed,
    links,
    globals,
    identifiers,
    referrals,
    claims,
    erased,
    contentErased,
    unreadable,
  };
};

/**
 * Whom the batch's merges absorb, and whom its separations part: of these subscribers forget what they were told
 * (`docs/services.md`), also where the link changes nothing.
 */
export const forgottenBy = ({ links }: IntakeBatch): ReadonlySet<string> =>
  new Set(
    links.flatMap((fact) => {
      if (fact.type === 'PartiesMerged') return [fact.data.absorbedId];
      return fact.type === 'PartiesSeparated' ? [fact.data.survivorId, fact.data.separatedId] : [];
    }),
  );

/** The batch's facts by customer, each list in fold order; links move no customer by themselves. */
export const factsByCustomer = (
  placed: ReadonlyArray<PlacedFact>,
  links: Links,
): Map<string, ReadonlyArray<PlacedFact>> => {
  const byCustomer = new Map<string, PlacedFact[]>();
  for (const entry of placed) {
    if (isLink(entry.fact)) continue;
    for (const root of new Set(entry.fact.subjects.map((subject) => rootOf(links, subject)))) {
      const known = byCustomer.get(root);
      if (known) known.push(entry);
      else byCustomer.set(root, [entry]);
    }
  }
  for (const entries of byCustomer.values())
    if (entries.length > 1) entries.sort((a, b) => compareFacts(a.fact, b.fact));
  return byCustomer;
};
