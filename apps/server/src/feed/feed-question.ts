import {
  type CloudEvent,
  factTypes,
  type FactType,
  isFactType,
  type StoredFactEvent,
  toCloudEvent,
} from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import type { Parameter } from '../request/parameters';
import { idParameter, limitParameter, listParameter, positionParameter } from '../request/parameters';

/** Derived notifications are not published by this version, so only their absence can be asked for. */
const derivedParameter: Parameter<false> = {
  allowed: 'false: derived notifications are not published',
  description: 'Also derived notifications; only false is allowed',
  schema: { type: 'string', enum: ['false'] },
  read: (text) => (text === 'false' ? false : null),
};

export const streamParameters = {
  after: positionParameter('Only events after this position; default from the start'),
  types: listParameter(factTypes, 'Only these fact types'),
  subject: idParameter('Only facts about this party'),
  derived: derivedParameter,
};

export const feedParameters = { ...streamParameters, limit: limitParameter };

/** Which events a subscriber wants. */
export interface FeedFilter {
  readonly types?: ReadonlyArray<FactType>;
  readonly subject?: string;
}

const isAbout = ({ metadata }: StoredEvent, subject: string): boolean => {
  const { subjects } = metadata;
  return Array.isArray(subjects) && subjects.includes(subject);
};

type FactEvent = StoredFactEvent & StoredEvent;

const isFact = (event: StoredEvent): event is FactEvent => isFactType(event.type);

/** The event as it leaves; null when it is not wanted, or when it is none of ours (another program's in the same log). */
export const published = (event: StoredEvent, { types, subject }: FeedFilter): CloudEvent | null => {
  if (!isFact(event)) return null;
  if (types !== undefined && !types.some((type) => type === event.type)) return null;
  if (subject !== undefined && !isAbout(event, subject)) return null;
  return toCloudEvent(event);
};
