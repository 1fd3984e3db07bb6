import type { Evidence, RequestEvidence } from '../customer/evidence';
import { isRemote } from '../facts/channels';
import type { Configuration } from '../policy/configuration';
import { DAY_MS, HOUR_MS, type Instant } from '../time/calendar';

/** When a customer was in contact with us, by what it was about; instants ascend. */
export interface MatterContacts {
  /** By category: remote requests and remote contacts that came from the customer. */
  readonly remote: ReadonlyMap<string, ReadonlyArray<Instant>>;
  /** By category: requests in person and contacts face to face, whoever came to whom. */
  readonly faceToFace: ReadonlyMap<string, ReadonlyArray<Instant>>;
  /** By request: contacts face to face that name it. */
  readonly visitsAbout: ReadonlyMap<string, ReadonlyArray<Instant>>;
}

const add = (instants: Map<string, Instant[]>, key: string, at: Instant): void => {
  const known = instants.get(key);
  if (known === undefined) instants.set(key, [at]);
  else known.push(at);
};

/** Made once for all requests of a customer. */
export const matterContactsOf = ({
  requests,
  interactions,
}: Pick<Evidence, 'requests' | 'interactions'>): MatterContacts => {
  const remote = new Map<string, Instant[]>();
  const faceToFace = new Map<string, Instant[]>();
  const visitsAbout = new Map<string, Instant[]>();
  for (const { openedAt, channel, category } of requests.values())
    if (openedAt !== null && channel !== null && category !== null)
      add(isRemote(channel) ? remote : faceToFace, category, openedAt);
  for (const { at, channel, topicCode, direction, requestId } of interactions) {
    if (isRemote(channel)) {
      if (direction === 'inbound' && topicCode !== null) add(remote, topicCode, at);
      continue;
    }
    if (topicCode !== null) add(faceToFace, topicCode, at);
    if (requestId !== null) add(visitsAbout, requestId, at);
  }
  for (const instants of [...remote.values(), ...faceToFace.values()]) instants.sort((a, b) => a - b);
  return { remote, faceToFace, visitsAbout };
};

/** Whether one of them lies in [from, to]; they ascend. */
const hasWithin = (instants: ReadonlyArray<Instant> | undefined, from: Instant, to: Instant): boolean => {
  if (instants === undefined) return false;
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? from) >= from) high = middle;
    else low = middle + 1;
  }
  const first = instants[low];
  return first !== undefined && first <= to;
};

/**
 * Opened in person without a remote contact of the party on the category in the 24 h before (exactly
 * 24 h included), and no exception (`domain.md §10.6`). What was told with the opening stands.
 */
export const isAvoidableVisit = (
  { openedAt, category, channel, avoidableInPerson }: RequestEvidence,
  { remote }: MatterContacts,
  { service }: Pick<Configuration, 'service'>,
): boolean => {
  if (openedAt === null || category === null || channel !== 'in_person') return false;
  if (avoidableInPerson !== null) return avoidableInPerson;
  if (service.inPersonExceptions.includes(category)) return false;
  return !hasWithin(remote.get(category), openedAt - service.remoteBeforeInPersonHours * HOUR_MS, openedAt);
};

/** Asked for remotely, and yet seen face to face on the category within 7 d, exactly 7 d included (`domain.md §10.6`). */
export const isRemoteFailure = (
  { requestId, openedAt, category, channel }: RequestEvidence,
  { faceToFace, visitsAbout }: MatterContacts,
  { service }: Pick<Configuration, 'service'>,
): boolean => {
  if (openedAt === null || category === null || channel === null || !isRemote(channel)) return false;
  const [from, until] = [openedAt + 1, openedAt + service.remoteFailureDays * DAY_MS];
  return hasWithin(faceToFace.get(category), from, until) || hasWithin(visitsAbout.get(requestId), from, until);
};
