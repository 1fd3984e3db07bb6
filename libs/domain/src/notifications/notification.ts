import { v5 } from 'uuid';
import type { Json, NewStoredEvent } from '../facts/stored';
import { type Instant, toIso } from '../time/calendar';

/** Derived events for subscribers (`domain.md §14.3`); no projection reads them. */
export const notificationTypes = [
  'LoyaltyZoneChanged',
  'LoyaltyQuadrantChanged',
  'LifecyclePhaseChanged',
  'CustomerLost',
  'CustomerWonBack',
  'TierChanged',
  'ServiceLevelBreached',
  'ChannelInconsistencyDetected',
  'WorkItemOpened',
  'WorkItemClosed',
  'MajorityFallacyWarned',
] as const;
export type NotificationType = (typeof notificationTypes)[number];

const known: ReadonlySet<string> = new Set(notificationTypes);
export const isNotificationType = (type: string): type is NotificationType => known.has(type);

/** Namespace of their ids; never changes, or everything would be announced once more. */
const NAMESPACE = '5b1f3c0e-7d3a-5c1b-8a52-91f0a6f4b7d2';
/** `source` of what the system itself says. */
const SOURCE = 'afecto';

/** What is announced, and what makes it this announcement and no other. */
export interface NotificationSubject {
  readonly type: NotificationType;
  /** Null: about no customer, but about a campaign. */
  readonly partyId: string | null;
  /** The party, item, request, fact or campaign that it is about; a request goes with its customer when that is absorbed. */
  readonly key: string;
  /** The instant of the change. */
  readonly at: Instant;
  /** What it changed to, and the fact that did it when it was one. */
  readonly cause: string;
}

export interface Notification extends NotificationSubject {
  readonly data: { readonly [key: string]: Json };
  /** Facts at the instant of the change; empty when time alone caused it. */
  readonly causedBy: ReadonlyArray<string>;
  readonly configVersion: number;
  /** Counts that say how much was known when it was decided: whatever is decided anew is decided on more or others. */
  readonly known: ReadonlyArray<number>;
  /** It may have been told before: the customer was part of another one for a while. */
  readonly again: boolean;
  /** Claims that turned out to be wrong when a fact came late; this one stands for them. */
  readonly supersedes: ReadonlyArray<string>;
}

/** hash(type, key, cause, asOf): the same change is the same claim, whoever announces it and however often. */
export const claimIdOf = ({ type, partyId, key, at, cause }: NotificationSubject): string =>
  v5(JSON.stringify([type, partyId, key, cause, at]), NAMESPACE);

/**
 * The id of the event: the claim, and of one that may have been told before also what it stands for and
 * how much was known, so that what was taken back and holds again is told again, however often.
 */
const eventIdOf = ({ known, again, supersedes }: Notification, claim: string): string =>
  supersedes.length === 0 && !again ? claim : v5(JSON.stringify([claim, ...known, ...supersedes]), NAMESPACE);

/** The stream of all that is announced about a customer. */
export const notificationStreamOf = (partyId: string): string => `derived-${partyId}`;
/** And about a campaign. */
export const campaignNotificationStreamOf = (campaignId: string): string => `derived-campaign-${campaignId}`;

export const notificationEventOf = (notification: Notification): NewStoredEvent => {
  const { type, partyId, at, data, causedBy, configVersion, supersedes } = notification;
  const claim = claimIdOf(notification);
  const id = eventIdOf(notification, claim);
  return {
    id,
    type,
    data: partyId === null ? data : { partyId, ...data },
    metadata: {
      schemaVersion: 1,
      occurredAt: toIso(at),
      subjects: partyId === null ? [] : [partyId],
      actor: { kind: 'system', id: SOURCE },
      source: SOURCE,
      id,
      derived: true,
      claim,
      causedBy,
      configVersion,
      ...(supersedes.length === 0 ? {} : { supersedes }),
    },
  };
};
