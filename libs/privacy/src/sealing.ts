import { ERASED, type Hidden, isErased, isHidden, isRecord, isSealed } from '@afecto/domain';
import type { EventText, Json, NewEvent, StoredEvent } from '@afecto/event-store';
import { openValue, placeOf, sealValue } from './field-cipher';
import type { KeyStore } from './key-store';
import { isGone } from './keys';
import { happenedAt } from './happened-at';
import {
  hasPersonalFields,
  mayHoldPersonal,
  type PersonalField,
  personalFieldsOf,
  withPersonalFields,
} from './personal-fields';

type Content = Pick<StoredEvent, 'id' | 'type'> & { readonly data: unknown; readonly metadata: unknown };

/** Parties under whose keys the personal fields of these events are to be sealed, and who have none yet. */
export const lackingKeys = (events: ReadonlyArray<Content>, keys: KeyStore): ReadonlySet<string> => {
  const lacking = new Set<string>();
  for (const event of events) {
    if (!mayHoldPersonal(event)) continue;
    for (const { subject, value, mark } of personalFieldsOf(event)) {
      if (isHidden(value)) continue;
      const ring = keys.ringOf(subject);
      if (ring === null || (!ring.keys.has(mark.class) && !isGone(ring, mark.class, happenedAt(event))))
        lacking.add(subject);
    }
  }
  return lacking;
};

const sealedField = (content: Content, { path, mark, value, subject }: PersonalField, keys: KeyStore): unknown => {
  // Sealed elsewhere, or erased: it stays as it is.
  if (isHidden(value)) return value;
  const ring = keys.ringOf(subject);
  if (ring !== null && ring.erased.size > 0 && isGone(ring, mark.class, happenedAt(content))) return ERASED;
  const key = ring?.keys.get(mark.class);
  if (key !== undefined) return sealValue(key, placeOf(content.id, content.type, path, subject), value);
  throw new Error(`no key was made for party ${subject} before its personal data came`);
};

/** The event as the log keeps it; the keys of its parties have been made. What is about the erased is erased. */
export const sealedEvent = <Event extends Content>(event: Event, keys: KeyStore): Event => {
  if (!mayHoldPersonal(event)) return event;
  const data = withPersonalFields(event, (field) => sealedField(event, field, keys));
  return data === event.data ? event : { ...event, data };
};

/** A sealed value in clear; `{erased: true}` once its key is destroyed; sealed as it is when the key is not here. */
const openedField = ({ id, type }: Content, { path, mark, value, subject }: PersonalField, keys: KeyStore): unknown => {
  if (!isSealed(value)) return value;
  const ring = keys.ringOf(subject);
  const key = ring?.keys.get(mark.class);
  const place = placeOf(id, type, path, subject);
  const opened = key?.kid === value.kid ? openValue(key, place, value) : undefined;
  if (opened !== undefined) return opened;
  const isDestroyed = ring?.destroyed.has(value.kid) === true;
  for (const seeded of isDestroyed ? [] : keys.seededKeys(subject, mark.class, value.kid)) {
    const found = openValue(seeded, place, value);
    if (found !== undefined) return found;
  }
  if (ring === null) return value;
  return isDestroyed || (ring.erased.has(mark.class) && key === undefined) ? ERASED : value;
};

/** The event with its personal fields in clear, as far as their keys are here. */
export const openedEvent = <Event extends Content>(event: Event, keys: KeyStore): Event => {
  if (!mayHoldPersonal(event)) return event;
  const data = withPersonalFields(event, (field) => openedField(event, field, keys));
  return data === event.data ? event : { ...event, data };
};

/** Every sealed value has it, and hardly any other text. */
const MARK_OF_SEALED = '"kid":';

/** The same of an event whose content is text; only a text that may hold something sealed is parsed. */
export const openedText = (text: EventText, keys: KeyStore): EventText => {
  if (!hasPersonalFields(text.type) || !text.data.includes(MARK_OF_SEALED)) return text;
  const content = { ...text, data: JSON.parse(text.data) as unknown, metadata: JSON.parse(text.metadata) as unknown };
  const opened = openedEvent(content, keys);
  return opened === content ? text : { ...text, data: JSON.stringify(opened.data) };
};

/** How a personal value counts where the two can no longer be compared. */
const MASKED: Hidden = ERASED;

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, canonical(member)]));
};

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

/**
 * Whether an event that is in the log is this one, sent again: equal but for personal values that nobody
 * can read any more. Those are masked on both sides.
 */
export const isSameEvent = (stored: StoredEvent, sent: NewEvent, keys: KeyStore): boolean => {
  if (stored.type !== sent.type || !same(stored.metadata, sent.metadata)) return false;
  const opened = openedEvent(stored, keys);
  const unreadable = new Set(personalFieldsOf(opened).flatMap(({ path, value }) => (isHidden(value) ? [path] : [])));
  const masked = (event: Content): unknown =>
    withPersonalFields(event, ({ path, value }) => (unreadable.has(path) || isErased(value) ? MASKED : value));
  return same(masked(opened), masked({ ...sent, metadata: sent.metadata satisfies Json }));
};
