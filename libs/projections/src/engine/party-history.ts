import type { Fact } from '@afecto/domain';
import type { PartyLedgers } from '@afecto/read-models';
import { isLink } from './read-fact';
import type { LaidFact } from './spill';

/** A place takes two numbers: `occurredAt` and position. */
const PLACE = 2;

/** What a part of a log says of one party, in the order of the log. */
export class PartyHistory {
  /** Merges and separations are not among them. */
  readonly facts: Fact[] = [];
  /** `occurredAt` and position of every event, those that cannot be read too. */
  readonly places: number[] = [];
  /** False: an event of it cannot be read. */
  isWhole = true;
  /** Whether the places ascend. */
  #inOrder = true;

  add({ position, occurredAt, fact }: LaidFact): void {
    const { places } = this;
    const last = places.length - PLACE;
    // Named twice by one event.
    if (places[last + 1] === position) return;
    if (last >= 0 && occurredAt < (places[last] ?? 0)) this.#inOrder = false;
    places.push(occurredAt, position);
    if (fact === null) this.isWhole = false;
    else if (!isLink(fact)) this.facts.push(fact);
  }

  /** Ascending, from `offset` on. */
  writePlaces(into: Float64Array, offset: number): void {
    if (this.#inOrder) return into.set(this.places, offset);
    const { places } = this;
    const pairs = Array.from({ length: places.length / PLACE }, (_, index) => index * PLACE).sort(
      (one, other) => (places[one] ?? 0) - (places[other] ?? 0) || (places[one + 1] ?? 0) - (places[other + 1] ?? 0),
    );
    for (const [index, at] of pairs.entries()) {
      into[offset + index * PLACE] = places[at] ?? 0;
      into[offset + index * PLACE + 1] = places[at + 1] ?? 0;
    }
  }
}

export const partyLedgers = (parties: ReadonlyMap<string, PartyHistory>): PartyLedgers => {
  const counts = new Uint32Array(parties.size);
  let length = 0;
  for (const { places } of parties.values()) length += places.length;
  const all = new Float64Array(length);
  let [index, offset] = [0, 0];
  for (const party of parties.values()) {
    party.writePlaces(all, offset);
    counts[index++] = party.places.length / PLACE;
    offset += party.places.length;
  }
  return { partyIds: [...parties.keys()], counts, places: all };
};
