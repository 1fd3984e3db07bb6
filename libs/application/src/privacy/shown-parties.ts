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

/** Where what a customer is comes from, or how it has changed: names, identifiers and what was stated in words. */
export const addShownCustomer = (shown: Shown, partyId: unknown, members: unknown): void => {
  for (const member of [partyId, ...(Array.isArray(members) ? members : [])])
    addShown(shown, member, 'identity', 'content');
};

/** Erased values are empty or absent. */
const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
const sayValue = (values: unknown): boolean =>
  Array.isArray(values) && values.some((each) => isRecord(each) && isSaid(each['value']));

/** A whole profile, unless nothing personal is in it: the party is erased, or never said who it is. */
export const addShownProfile = (shown: Shown, partyId: unknown, profile: unknown): void => {
  if (!isRecord(profile)) return;
  const identity = isRecord(profile['identity']) ? profile['identity'] : {};
  const isPersonal =
    isSaid(identity['displayName']) ||
    isSaid(identity['birthYear']) ||
    sayValue(identity['identifiers']) ||
    sayValue(profile['preferences']);
  if (isPersonal) addShownCustomer(shown, partyId, profile['members']);
};

/** One side of a customer: of those beside the profile only identity names it, by what identifies it. */
export const addShownView = (shown: Shown, partyId: unknown, name: unknown, view: unknown): void => {
  if (name !== 'identity' || !isRecord(view)) return;
  const { identifiers, candidates } = view;
  if (sayValue(identifiers) || (Array.isArray(candidates) && candidates.length > 0))
    addShown(shown, partyId, 'identity');
};
