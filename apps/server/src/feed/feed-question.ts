import {
  type CloudEvent,
  factTypes,
  type FactType,
  isFactType,
  notificationToCloudEvent,
  notificationTypes,
  type NotificationType,
  type StoredFactEvent,
  readCloudEvent,
} from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Parameter } from '../request/parameters';
import { idParameter, limitParameter, listParameter, positionParameter } from '../request/parameters';

const derivedParameter: Parameter<boolean> = {
  allowed: 'true or false',
  description: 'Also what was decided from the facts: zones, phases, tiers, work items; default false',
  schema: { type: 'boolean' },
  read: (text) => (text === 'true' ? true : text === 'false' ? false : null),
};

export const streamParameters = {
  after: positionParameter('Only events after this position; default from the start'),
  types: listParameter(
    [...factTypes, ...notificationTypes],
    'Only these types; those of notifications need derived=true',
  ),
  subject: idParameter('Only facts about this party'),
  derived: derivedParameter,
};

export const feedParameters = { ...streamParameters, limit: limitParameter };

/** Which events a subscriber wants. */
export interface FeedFilter {
  readonly types?: ReadonlyArray<FactType | NotificationType>;
  readonly subject?: string;
  /** Notifications too. */
  readonly derived: boolean;
}

const isAbout = ({ metadata }: StoredEvent, subject: string): boolean => {
  const { subjects } = metadata;
  return Array.isArray(subjects) && subjects.includes(subject);
};

type FactEvent = StoredFactEvent & StoredEvent;

const isFact = (event: StoredEvent): event is FactEvent => isFactType(event.type);

/** The event as it leaves; null when it is not wanted, or when it is none of ours (another program's in the same log). */
export const published = (event: StoredEvent, { types, subject, derived }: FeedFilter): CloudEvent | null => {
  const told = derived ? notificationToCloudEvent(event) : null;
  if (told === null && !isFact(event)) return null;
  if (types !== undefined && !types.some((type) => type === event.type)) return null;
  if (subject !== undefined && !isAbout(event, subject)) return null;
  // What no program of ours can read is a dead letter, and no subscriber's business until it is mended.
  return told ?? E.getOrElse((): CloudEvent | null => null)(readCloudEvent(event));
};
