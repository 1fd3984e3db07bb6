import { isSealed } from '@afecto/domain';
import { type EventStore, isAt, type StoredEvent } from '@afecto/event-store';
import { openValue, placeOf } from './field-cipher';
import { type KeySeed, seededKey } from './key-seeds';
import type { KeyStore } from './key-store';
import type { LostKey } from './keys';
import { personalFieldsOf, personalTypes } from './personal-fields';

const lostIn = (event: StoredEvent, seed: KeySeed, keys: KeyStore): ReadonlyArray<LostKey> =>
  personalFieldsOf(event).flatMap(({ value, subject, mark, path }) => {
    if (!isSealed(value)) return [];
    const ring = keys.ringOf(subject);
    if (ring?.keys.get(mark.class)?.kid === value.kid || ring?.destroyed.has(value.kid) === true) return [];
    const opened = openValue(
      seededKey(seed, subject, mark.class, value.kid),
      placeOf(event.id, event.type, path, subject),
      value,
    );
    return opened === undefined ? [] : [{ partyId: subject, class: mark.class, kid: value.kid }];
  });

/**
 * Keeps the keys that were lost with the power: their seed was on the disk, and the events that were sealed
 * under them name them. To be awaited before anything is sealed or destroyed. `log`: with every event as it is
 * kept. Rejects when the log cannot be read; nothing is lost by it.
 */
export const settleKeys = async (log: Pick<EventStore, 'readAll' | 'eventsAt'>, keys: KeyStore): Promise<void> => {
  for (const seed of keys.seeds()) {
    // Of another log it says nothing, and stays for that one.
    if (!(await isAt(log, seed.after))) continue;
    const lost = new Map<string, LostKey>();
    for await (const page of log.readAll({ types: personalTypes, after: seed.after.position })) {
      // Another process may be making keys of it.
      keys.refresh();
      for (const key of page.flatMap((event) => lostIn(event, seed, keys))) lost.set(key.kid, key);
    }
    keys.keep([...lost.values()], seed);
  }
};
