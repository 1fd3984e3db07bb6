import { isHidden, isRecord, type PersonalClass } from '@afecto/domain';
import { personalFieldsOf } from '@afecto/privacy';

/** Whose personal data somebody is shown, and of which classes (`domain.md §17.8`). */
export type Shown = Map<string, Set<PersonalClass>>;

/** Everybody in the log. */
export const EVERYBODY = '*';

export const addShown = (shown: Shown, partyId: unknown, ...classes: ReadonlyArray<PersonalClass>): void => {
  if (typeof partyId !== 'string') return;
  const known = shown.get(partyId);
  if (known === undefined) shown.set(partyId, new Set(classes));
  else for (const each of classes) known.add(each);
};

/** An event, as a CloudEvent or as the timeline shows it. */
export const addShownEvent = (shown: Shown, event: unknown): void => {
  if (!isRecord(event) || typeof event['type'] !== 'string') return;
  const { type, data, subject } = event;
  const subjects = Array.isArray(event['subjects']) ? event['subjects'] : [subject];
  for (const field of personalFieldsOf({ type, data, metadata: { subjects } }))
    if (!isHidden(field.value)) addShown(shown, field.subject, field.mark.class);
};

/** A whole profile, or where it comes from: names, identifiers and what was stated in words. */
export const addShownProfile = (shown: Shown, partyId: unknown, members: unknown): void => {
  for (const member of [partyId, ...(Array.isArray(members) ? members : [])])
    addShown(shown, member, 'identity', 'content');
};

/** One side of a customer: of those beside the profile only identity names it. */
export const addShownView = (shown: Shown, partyId: unknown, view: unknown): void => {
  if (view === 'identity') addShown(shown, partyId, 'identity');
};
