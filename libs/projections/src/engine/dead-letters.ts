import type { DeadLetter, DeadLetterPlace } from '@afecto/read-models';
import type { Unreadable } from './ledger-entry';
import type { Failing } from './resolve-customer';

/** One letter for each party that the event holds back; one without a party when it holds back nobody. */
export const lettersOf = (
  { position, eventId, type, error, parties }: Unreadable,
  version: string,
  attempts = 1,
): ReadonlyArray<DeadLetter> =>
  (parties.length === 0 ? [null] : parties).map((partyId) => ({
    position,
    eventId,
    type,
    partyId,
    reason: 'unreadable',
    error,
    version,
    attempts,
  }));

/** The letter of a customer whose fold fails. */
export const failingLetterOf = (
  { position, eventId, type, error, attempts }: Failing,
  root: string,
  version: string,
): DeadLetter => ({ position, eventId, type, partyId: root, reason: 'failing', error, version, attempts });

const least = (positions: ReadonlyArray<bigint>): bigint | null =>
  positions.reduce<bigint | null>((first, position) => (first === null || position < first ? position : first), null);

/** From where on the facts of these letters' parties wait; null: nowhere. */
export const heldFromOf = (letters: ReadonlyArray<DeadLetter>): bigint | null =>
  least(letters.map(({ position }) => position));

/** What became of dead letters that were tried again. */
export interface Replayed {
  readonly tried: ReadonlyArray<DeadLetter>;
  /** Those of the same events that are dead letters still, or again. */
  readonly left: ReadonlyArray<DeadLetter>;
}

/** The letters to be tried with those of these parties: an event is read for all whom it holds back at once. */
export const triedWith = (
  letters: ReadonlyArray<DeadLetter>,
  parties: ReadonlySet<string> | null,
): ReadonlyArray<DeadLetter> => {
  if (parties === null) return letters;
  const own = letters.filter(({ partyId }) => partyId !== null && parties.has(partyId));
  const events = new Set(own.filter(({ reason }) => reason === 'unreadable').map(({ position }) => position));
  const isTried = (letter: DeadLetter): boolean => own.includes(letter) || events.has(letter.position);
  return letters.filter(isTried);
};

/** The dead letters of parties, as they are committed or about to be. */
export class HeldParties {
  readonly #byParty = new Map<string, ReadonlyArray<DeadLetter>>();

  load(letters: ReadonlyArray<DeadLetter>): void {
    this.#byParty.clear();
    this.add(letters);
  }

  add(letters: ReadonlyArray<DeadLetter>): void {
    for (const letter of letters) {
      if (letter.partyId === null) continue;
      this.forget([letter]);
      this.#byParty.set(letter.partyId, [...(this.#byParty.get(letter.partyId) ?? []), letter]);
    }
  }

  forget(places: ReadonlyArray<DeadLetterPlace>): void {
    for (const { partyId, position } of places) {
      if (partyId === null) continue;
      const left = (this.#byParty.get(partyId) ?? []).filter((letter) => letter.position !== position);
      if (left.length > 0) this.#byParty.set(partyId, left);
      else this.#byParty.delete(partyId);
    }
  }

  of(members: Iterable<string>): ReadonlyArray<DeadLetter> {
    if (this.#byParty.size === 0) return none;
    return [...members].flatMap((partyId) => this.#byParty.get(partyId) ?? none);
  }

  /** From where on the facts of a customer wait because of what cannot be read. */
  unreadableFrom(members: Iterable<string>): bigint | null {
    return heldFromOf(this.of(members).filter(({ reason }) => reason === 'unreadable'));
  }

  /** The letter of a customer whose fold fails; `root` is the customer, whichever member the fact is about. */
  failing(root: string): DeadLetter | null {
    return this.of([root]).find(({ reason }) => reason === 'failing') ?? null;
  }

  /** All customers whose fold fails. */
  failingRoots(): ReadonlyArray<string> {
    return [...this.#byParty.keys()].filter((root) => this.failing(root) !== null);
  }

  /** From where on the facts of a customer wait; null: they do not. */
  heldFrom(members: Iterable<string>): bigint | null {
    return heldFromOf(this.of(members));
  }
}

const none: ReadonlyArray<never> = [];
