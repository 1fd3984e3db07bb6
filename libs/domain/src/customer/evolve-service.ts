import type { FactOf } from '../facts/envelope';
import { type Instant, NEVER } from '../time/calendar';
import {
  entryOf,
  eventIn,
  happenedAt,
  instantIn,
  type MutableEvidence,
  optionalInstantIn,
  recordedIn,
  severityOf,
} from './mutable-evidence';

type MutableRequest = MutableEvidence['requests'] extends Map<string, infer R> ? R : never;
type MutablePromise = MutableEvidence['promises'] extends Map<string, infer P> ? P : never;

const unopened = (requestId: string): MutableRequest => ({
  requestId,
  eventId: null,
  openedAt: null,
  channel: null,
  category: null,
  requestClass: 'deferred',
  agreedDueAt: null,
  escalations: [],
  pauses: [],
  resolvedAt: null,
  resolvedEventId: null,
  byTier: null,
  reopenedAt: null,
  earlier: [],
  firstResolvedAt: null,
  openedBy: null,
  avoidableInPerson: null,
  recorded: null,
  confirmed: null,
});

/** The first opening of an id wins. */
export const evolveServiceRequestOpened = (
  { members, requests }: MutableEvidence,
  fact: FactOf<'ServiceRequestOpened'>,
): void => {
  const { data, occurredAt, eventId, actor } = fact;
  if (!members.has(data.partyId)) return;
  const request = entryOf(requests, data.requestId, unopened);
  if (request.eventId !== null) return;
  request.eventId = eventId;
  request.openedAt = happenedAt(data.openedAt, occurredAt);
  request.channel = data.channel;
  request.category = data.category;
  request.requestClass = data.class;
  request.agreedDueAt = optionalInstantIn(data.agreedDueAt);
  // Who opens one for oneself promises oneself nothing.
  request.openedBy = actor.kind === 'customer' ? null : actor.id;
  request.avoidableInPerson = data.avoidableInPerson ?? null;
  request.recorded = recordedIn(fact);
};

/** What is solved is handed on to nobody: who only hears of it makes no deferred request of an immediate one (`domain.md §10.3`). */
export const evolveServiceRequestEscalated = (
  { requests }: MutableEvidence,
  { data, occurredAt }: FactOf<'ServiceRequestEscalated'>,
): void => {
  const request = entryOf(requests, data.requestId, unopened);
  if (request.resolvedAt !== null && request.resolvedAt < occurredAt) return;
  request.escalations = [...request.escalations, { at: occurredAt, to: data.to, level: data.level }];
};

/** A pause inside a pause changes nothing, and nothing waits for the customer any more once it is solved. */
export const evolveServiceRequestPaused = (
  { requests }: MutableEvidence,
  { data, occurredAt }: FactOf<'ServiceRequestPaused'>,
): void => {
  const request = entryOf(requests, data.requestId, unopened);
  const last = request.pauses.at(-1);
  if (request.resolvedAt !== null || (last !== undefined && last.to === null)) return;
  request.pauses = [...request.pauses, { from: occurredAt, to: null }];
};

const endPause = (request: MutableRequest, at: Instant): void => {
  const last = request.pauses.at(-1);
  if (last !== undefined && last.to === null)
    request.pauses = request.pauses.with(-1, { from: last.from, to: Math.max(last.from, at) });
};

/** Ends the open pause; without one it changes nothing. */
export const evolveServiceRequestResumed = (
  { requests }: MutableEvidence,
  { data, occurredAt }: FactOf<'ServiceRequestResumed'>,
): void => endPause(entryOf(requests, data.requestId, unopened), occurredAt);

/**
 * What began after the solution, which was told later, and before the end of its round: it was handed on to nobody,
 * and waited for nobody.
 */
const undoAfter = (request: MutableRequest, resolvedAt: Instant, until: Instant): void => {
  request.escalations = request.escalations.filter(({ at }) => at <= resolvedAt || at >= until);
  request.pauses = request.pauses.flatMap((pause) => {
    const { from, to } = pause;
    if (from >= until || (to !== null && to <= resolvedAt)) return [pause];
    if (from > resolvedAt) return [];
    return [{ from, to: resolvedAt }];
  });
};

/**
 * A resolution is of the round in which it happened, and the first of a round stands; it ends a pause, and undoes what
 * was handed on after it. What was solved before the reopening and is told after it solves nothing that is open now.
 */
export const evolveServiceRequestResolved = (
  { requests }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'ServiceRequestResolved'>,
): void => {
  const request = entryOf(requests, data.requestId, unopened);
  const resolvedAt = happenedAt(data.resolvedAt, occurredAt);
  if (request.reopenedAt !== null && resolvedAt < request.reopenedAt) {
    request.firstResolvedAt ??= resolvedAt;
    const ended = request.earlier.findIndex(({ until }) => resolvedAt < until);
    const round = request.earlier[ended];
    if (round?.resolvedAt !== null) return;
    request.earlier = request.earlier.with(ended, { ...round, resolvedAt, resolvedEventId: eventId });
    undoAfter(request, resolvedAt, round.until);
    return;
  }
  if (request.resolvedAt !== null) return;
  request.resolvedAt = resolvedAt;
  request.firstResolvedAt ??= resolvedAt;
  request.resolvedEventId = eventId;
  request.byTier = data.byTier;
  request.confirmed = data.confirmedByCustomer ?? null;
  undoAfter(request, resolvedAt, NEVER);
};

/** The request is open again, whatever its age: that a late one should be new is for the command to say (`domain.md §10.7`). */
export const evolveServiceRequestReopened = (
  { requests }: MutableEvidence,
  { data, occurredAt }: FactOf<'ServiceRequestReopened'>,
): void => {
  const request = entryOf(requests, data.requestId, unopened);
  const { reopenedAt, resolvedAt, resolvedEventId } = request;
  request.earlier = [...request.earlier, { reopenedAt, resolvedAt, resolvedEventId, until: occurredAt }];
  request.reopenedAt = occurredAt;
  request.resolvedAt = null;
  request.resolvedEventId = null;
  request.byTier = null;
  request.confirmed = null;
};

const unmade =
  (dueAt: Instant) =>
  (promiseId: string): MutablePromise => ({
    promiseId,
    eventId: null,
    madeAt: null,
    madeBy: null,
    recorded: null,
    dueAt,
    relatedTo: null,
    channel: null,
    settledAt: null,
    settledEventId: null,
    fulfilledAt: null,
    released: false,
  });

/** The first making of an id wins. */
export const evolvePromiseMade = ({ members, promises }: MutableEvidence, fact: FactOf<'PromiseMade'>): void => {
  const { data, occurredAt, eventId, channel } = fact;
  if (!members.has(data.partyId)) return;
  const promise = entryOf(promises, data.promiseId, unmade(occurredAt));
  if (promise.eventId !== null) return;
  promise.eventId = eventId;
  promise.madeAt = occurredAt;
  promise.madeBy = data.madeBy;
  promise.recorded = recordedIn(fact);
  promise.dueAt = instantIn(data.dueAt, occurredAt);
  promise.relatedTo = data.relatedTo ?? null;
  promise.channel = channel ?? null;
};

/**
 * The first settlement stands. One told as kept without saying when was fulfilled when it was told;
 * whether it was kept is judged by `fulfilledAt` ≤ `dueAt`, not by what was told (`domain.md §10.9`).
 */
export const evolvePromiseSettled = (
  { promises }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'PromiseSettled'>,
): void => {
  const promise = entryOf(promises, data.promiseId, unmade(occurredAt));
  if (promise.settledAt !== null) return;
  promise.settledAt = occurredAt;
  promise.settledEventId = eventId;
  promise.released = data.outcome === 'released';
  if (data.fulfilledAt !== undefined) promise.fulfilledAt = happenedAt(data.fulfilledAt, occurredAt);
  else if (data.outcome === 'kept') promise.fulfilledAt = occurredAt;
};

/** Several events tell the parties of one failure; for one customer it counts once. */
export const evolveServiceFailureDetected = (
  { members, failures }: MutableEvidence,
  fact: FactOf<'ServiceFailureDetected'>,
): void => {
  const { data, occurredAt, eventId, causationId } = fact;
  if (!data.partyIds.some((partyId) => members.has(partyId))) return;
  if (failures.some(({ failureId }) => failureId === data.failureId)) return;
  const { failureId, kind, severity } = data;
  failures.push({
    failureId,
    eventId,
    at: occurredAt,
    kind,
    severity: severityOf(severity),
    causationId: eventIn(fact, causationId),
  });
};
