import {
  addShown as add,
  addShownEvent as addEvent,
  addShownCustomer,
  addShownProfile,
  addShownView,
  EVERYBODY,
  mayBePersonal,
  type Shown,
} from '@afecto/application';
import { isHidden, isRecord, personalClasses } from '@afecto/domain';

export { addShownEvent as addEvent, type Shown } from '@afecto/application';

const members = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : []);

type Reader = (
  shown: Shown,
  answer: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
) => void;

/**
 * Refused facts are shown as they came: whoever they name is shown. What such a fact says may be personal in a field
 * that nobody knows, by the rule by which it is not kept of the erased.
 */
const refusedFact: Reader = (shown, { event }) => {
  addEvent(shown, event);
  if (!isRecord(event) || isHidden(event['data']) || !mayBePersonal(event)) return;
  const about = isRecord(event['data']) ? (event['data']['partyId'] ?? event['subject']) : event['subject'];
  add(shown, typeof about === 'string' ? about : EVERYBODY, ...personalClasses);
};

/** By route, what personal is in its answer; a route that is not here shows nothing personal. */
const readers: Readonly<Record<string, Reader>> = {
  '/v1/parties': (shown, { items }) => {
    for (const row of members(items))
      if (isRecord(row) && typeof row['displayName'] === 'string') add(shown, row['partyId'], 'identity');
  },
  '/v1/parties/by-identifier/:scheme/:value': (shown, { partyIds }) => {
    for (const partyId of members(partyIds)) add(shown, partyId, 'identity');
  },
  '/v1/parties/:partyId': (shown, profile, { partyId }) => addShownProfile(shown, partyId, profile),
  '/v1/parties/:partyId/provenance': (shown, { parties }, { partyId }) => addShownCustomer(shown, partyId, parties),
  '/v1/parties/:partyId/timeline': (shown, { items }) => {
    for (const entry of members(items)) addEvent(shown, entry);
  },
  '/v1/parties/:partyId/:view': (shown, answer, { partyId, view }) => addShownView(shown, partyId, view, answer),
  '/v1/dead-letters/:partyOrEvent': (shown, { items }) => {
    for (const letter of members(items))
      if (isRecord(letter) && isRecord(letter['event'])) {
        const { data, metadata } = letter['event'];
        addEvent(shown, { type: letter['type'], data, subjects: isRecord(metadata) ? metadata['subjects'] : [] });
      }
  },
  '/v1/quarantine': (shown, { items }) => {
    for (const refused of members(items)) if (isRecord(refused)) refusedFact(shown, refused, {});
  },
  '/v1/quarantine/:quarantineId': refusedFact,
};

/** Whose personal data the answer of a route shows. */
export const shownIn = (route: string, answer: unknown, parameters: unknown): Shown => {
  const shown: Shown = new Map();
  const reader = Object.hasOwn(readers, route) ? readers[route] : undefined;
  if (reader !== undefined && isRecord(answer)) reader(shown, answer, isRecord(parameters) ? parameters : {});
  return shown;
};
