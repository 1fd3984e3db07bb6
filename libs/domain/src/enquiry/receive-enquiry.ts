import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { channel } from '../facts/channels';
import { code, freeText, id, minorUnits } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { type EnquiryState, ofEnquiry } from './state';

const required = { partyId: id, channel, productLine: code };
/** `estValueMinor`: what it may be worth, minor units of the reporting currency. */
const optional = { enquiryId: id, campaignId: id, estValueMinor: minorUnits, text: said(freeText) };
export type ReceiveEnquiry = RecordOf<typeof required, typeof optional>;

const enquiryIdOf = ({ enquiryId }: ReceiveEnquiry, { commandId }: { readonly commandId: string }): string =>
  enquiryId ?? idFromCommand(commandId, 'enquiry');

/**
 * Somebody asks what we could do for him (`domain.md §11.3 Q4`); any channel may bring it.
 * InvalidState: the id is taken by another enquiry.
 */
export const receiveEnquiry: CommandDefinition<ReceiveEnquiry, EnquiryState> = {
  name: 'ReceiveEnquiry',
  input: record(required, optional),
  ...ofEnquiry,
  needs: ({ partyId }) => ({ parties: [partyId] }),
  streamOf: (input, context) => ofEnquiry.streamOf({ enquiryId: enquiryIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const enquiryId = enquiryIdOf(input, context);
    const partyId = rootOf(context.knowledge, input.partyId);
    const received = { ...input, enquiryId, partyId };
    if (state.stage === 'unknown') return E.right([decided('EnquiryReceived', received, [partyId], input.channel)]);
    return repeats(state.received, received, context.knowledge)
      ? E.right([])
      : refuse('InvalidState', `enquiry ${enquiryId} was received already`, { path: '/enquiryId' });
  },
};
