import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { code, freeText, id, minorUnits, oneOf } from '../facts/codec';
import { personal, record } from '../facts/structure';

export const enquiryOutcomes = ['converted', 'lost', 'disqualified'] as const;

export const EnquiryReceived = record(
  { enquiryId: id, partyId: id, channel, productLine: code },
  { campaignId: id, estValueMinor: minorUnits, text: personal(freeText) },
);
export type EnquiryReceived = t.TypeOf<typeof EnquiryReceived>;

export const EnquiryClosed = record({ enquiryId: id, outcome: oneOf(enquiryOutcomes) }, { orderId: id, reason: code });
export type EnquiryClosed = t.TypeOf<typeof EnquiryClosed>;
