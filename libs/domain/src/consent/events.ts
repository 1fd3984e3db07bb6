import type * as t from 'io-ts';
import { channels } from '../facts/channels';
import { code, id, oneOf, reference } from '../facts/codec';
import { record } from '../facts/structure';

/** What a consent is for (`domain.md §17.5`). Contacts for service and contract need none. */
export const consentPurposes = ['marketing', 'survey', 'profiling', 'winback', 'third_party'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** One channel, or all of them. */
export const consentChannels = [...channels, 'all'] as const;

export const lawfulBases = ['consent', 'contract', 'legitimate_interest'] as const;

export const ConsentGranted = record({
  partyId: id,
  purpose: oneOf(consentPurposes),
  channel: oneOf(consentChannels),
  lawfulBasis: oneOf(lawfulBases),
  policyVersion: reference,
  evidenceRef: reference,
});
export type ConsentGranted = t.TypeOf<typeof ConsentGranted>;

export const ConsentWithdrawn = record({
  partyId: id,
  purpose: oneOf(consentPurposes),
  channel: oneOf(consentChannels),
  via: code,
});
export type ConsentWithdrawn = t.TypeOf<typeof ConsentWithdrawn>;
