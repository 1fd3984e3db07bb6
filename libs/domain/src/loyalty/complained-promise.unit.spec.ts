/**
 * A complaint stands for what it refers to, so that one disappointment counts once (`domain.md §7.3 B`). Of a request
 * complained about the service level and the agreed time were dropped, but not the promise that the command records of
 * that same time: whoever agreed on a time by command was blamed for it twice, by fact once.
 */
import { defaultConfiguration } from '../policy/configuration';
import { day, evidenceOf, type Given, ORIGIN } from './evidence-builder';
import { experienceImpulses } from './experience';

const broken = { dueAt: day(-12.5), settledAt: day(-12), fulfilledAt: day(-12) };
const kept = { dueAt: day(-12.5), settledAt: day(-13), fulfilledAt: day(-13) };
const about = (requestId: string) => [{ receivedAt: day(-12), severity: 3 as const, requestId }];
const notes = (given: Given) =>
  experienceImpulses(evidenceOf(given), defaultConfiguration, ORIGIN).map(({ note }) => note);

describe('a promise about a request', () => {
  const requests = [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12) }];

  it.each([
    ['broken', { ...broken, relatedTo: 'request-0' }],
    ['kept', { ...kept, relatedTo: 'request-0' }],
  ])('is dropped when the request is complained about: %s', (_, promise) => {
    expect(notes({ requests, promises: [promise], complaints: about('request-0') })).toEqual([
      'complaint of severity 3 open',
    ]);
  });

  it.each([
    ['the complaint is about another request', { ...broken, relatedTo: 'request-0' }, 'request-1'],
    ['the promise is about something else', { ...broken, relatedTo: 'order-0' }, 'request-0'],
    ['the promise is about nothing in particular', broken, 'request-0'],
  ])('counts when %s', (_, promise, requestId) => {
    expect(notes({ promises: [promise], complaints: about(requestId) })).toEqual([
      'promise broken',
      'complaint of severity 3 open',
    ]);
  });
});
