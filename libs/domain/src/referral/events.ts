import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { id, MAX_STRING, string } from '../facts/codec';
import { personal, record } from '../facts/structure';

/** `contact` is personal data of the referred party and encrypted under its key (`domain.md §17.2`). */
export const ReferralMade = record(
  { referralId: id, referrerId: id, channel },
  { referredId: id, contact: personal(string(1, MAX_STRING), { class: 'identity', about: 'referredId' }) },
);
export type ReferralMade = t.TypeOf<typeof ReferralMade>;
