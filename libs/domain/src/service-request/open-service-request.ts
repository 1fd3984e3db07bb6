import * as E from 'fp-ts/Either';
import { type CommandContext, type CommandDefinition, type CommandHeader, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { channel } from '../facts/channels';
import { code, freeText, id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { termsAt } from '../policy/terms';
import { openTimeOf } from '../time/business-hours';
import { HOUR_MS, type Instant, toIso } from '../time/calendar';
import { serviceClasses } from './events';
import { ofServiceRequest, type ServiceRequestState } from './state';

const required = { partyId: id, channel, category: code, class: oneOf(serviceClasses) };
/** `openedAt`: the command's occurredAt when absent. `agreedDueAt` is itself a promise (§10.9), derived from this fact. */
const optional = { requestId: id, openedAt: instant, agreedDueAt: instant, text: said(freeText) };
export type OpenServiceRequest = RecordOf<typeof required, typeof optional>;

/** Remote channels on which somebody answers at once (`domain.md §10.1`). */
const synchronousRemoteChannels: ReadonlyArray<string> = ['phone', 'chat'];

const requestIdOf = ({ requestId }: OpenServiceRequest, { commandId }: Pick<CommandHeader, 'commandId'>): string =>
  requestId ?? idFromCommand(commandId, 'request');

const openedAtOf = ({ openedAt }: OpenServiceRequest, { occurredAt }: Pick<CommandHeader, 'occurredAt'>): Instant =>
  openedAt === undefined ? occurredAt : Date.parse(openedAt);

/** In person, without a remote contact on the category in the 24 h before, and no exception (`domain.md §10.6`). */
const isAvoidableInPerson = (
  input: OpenServiceRequest,
  openedAt: Instant,
  { configuration, knowledge: { remoteContactAt } }: CommandContext,
): boolean => {
  const { service } = termsAt(configuration, openedAt);
  return (
    input.channel === 'in_person' &&
    !service.inPersonExceptions.includes(input.category) &&
    (remoteContactAt === null || remoteContactAt < openedAt - service.remoteBeforeInPersonHours * HOUR_MS)
  );
};

/** Opens a request; `agreedDueAt` lies in (openedAt, openedAt + 24 h], of business hours if there are any. InvalidState: the id is taken by another one. */
export const openServiceRequest: CommandDefinition<OpenServiceRequest, ServiceRequestState> = {
  name: 'OpenServiceRequest',
  input: record(required, optional),
  ...ofServiceRequest,
  needs: (input, header) => ({
    parties: [input.partyId],
    remoteContact:
      input.channel === 'in_person'
        ? { partyId: input.partyId, category: input.category, before: openedAtOf(input, header) }
        : null,
  }),
  streamOf: (input, context) => ofServiceRequest.streamOf({ requestId: requestIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const requestId = requestIdOf(input, context);
    const partyId = rootOf(context.knowledge, input.partyId);
    const openedAt = openedAtOf(input, context);
    const future = guardNotFuture(openedAt, context, '/openedAt');
    if (future) return E.left(future);
    if (input.class === 'immediate' && !synchronousRemoteChannels.includes(input.channel)) {
      return refuse(
        'ImmediateNeedsSynchronousChannel',
        `an immediate solution is given on ${synchronousRemoteChannels.join(' or ')}, not on ${input.channel}`,
        { path: '/channel' },
      );
    }
    const { deferredHours, calendar } = termsAt(context.configuration, openedAt).service;
    const limit = openTimeOf(calendar).after(openedAt, deferredHours * HOUR_MS);
    const agreedDueAt = input.agreedDueAt === undefined ? null : Date.parse(input.agreedDueAt);
    if (agreedDueAt !== null && (agreedDueAt <= openedAt || agreedDueAt > limit)) {
      const message = `the agreed time lies after ${toIso(openedAt)} and at ${toIso(limit)} at the latest`;
      return refuse('AgreedTimeExceedsLimit', message, { path: '/agreedDueAt', details: { limit: toIso(limit) } });
    }
    const said = { ...input, requestId, partyId, openedAt: toIso(openedAt) };
    if (state.stage !== 'unknown') {
      const { avoidableInPerson: _, ...earlier } = state.opened;
      return repeats(earlier, said, context.knowledge)
        ? E.right([])
        : refuse('InvalidState', `service request ${requestId} was opened already`, { path: '/requestId' });
    }
    const opened = { ...said, avoidableInPerson: isAvoidableInPerson(input, openedAt, context) };
    return E.right([decided('ServiceRequestOpened', opened, [partyId], input.channel)]);
  },
};
