/**
 * What a complaint or an answer is about was looked up by our event id alone. A sender does not know it: it is made of
 * source and id, no answer tells it, and the events out name each fact by the id that its sender gave it. So a failure
 * that was complained about under that id counted beside the complaint, and the answer belonged to no moment. Of a
 * request whose `causationid` names the call so, nothing stood behind it (`domain.md §10.10`).
 */
import * as E from 'fp-ts/Either';
import { decodeCloudEvent, eventIdOf } from '../facts';
import type { Fact } from '../facts/envelope';
import { experienceImpulses } from '../loyalty/experience';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { isoOnDay, onDay } from './fact-builder';
import { emptyEvidence } from './mutable-evidence';

const sent = (source: string, id: string, type: string, day: number, data: object, extensions: object = {}): Fact => {
  const decoded = decodeCloudEvent({ specversion: '1.0', source, id, type, time: isoOnDay(day), data, ...extensions });
  if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
  return { recordedAt: onDay(day), ...decoded.right } as Fact;
};
const failure = sent('helpdesk', 'outage-1', 'ServiceFailureDetected', 1, {
  failureId: 'f-1',
  partyIds: ['p1'],
  kind: 'outage',
  severity: 4,
  detectedBy: 'us',
});
const complaint = (aboutEventId: string, source = 'helpdesk', id = 'call-1') =>
  sent(source, id, 'ComplaintReceived', 2, {
    complaintId: 'k-1',
    partyId: 'p1',
    channel: 'phone',
    category: 'outage',
    severity: 2,
    aboutEventId,
  });
const answer = sent('helpdesk', 'answer-1', 'SurveyAnswered', 3, {
  surveyId: 's-1',
  partyId: 'p1',
  instrument: 'csat_transactional',
  score: 1,
  scaleMin: 1,
  scaleMax: 5,
  aboutEventId: 'outage-1',
});

const given = (...facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};
const livedThrough = (...facts: ReadonlyArray<Fact>) =>
  experienceImpulses(given(...facts), defaultConfiguration, onDay(4)).map(({ type }) => type);

describe('a fact about another one', () => {
  it.each([
    ['the id that it has at the same source', complaint('outage-1')],
    ['its event id', complaint(failure.eventId)],
    ['its event id, from another source', complaint(failure.eventId, 'shop')],
  ])('is about the one with %s', (_, complained) => {
    expect(livedThrough(failure, complained)).toEqual(['ComplaintReceived']);
    expect(livedThrough(complained, failure)).toEqual(['ComplaintReceived']);
  });

  it('is not about one with that id at another source', () => {
    expect(livedThrough(failure, complaint('outage-1', 'shop'))).toEqual([
      'ServiceFailureDetected',
      'ComplaintReceived',
    ]);
  });

  it('is caused by it likewise', () => {
    const causationid = { causationid: 'call-1' };
    const opened = { requestId: 'r-1', partyId: 'p1', channel: 'phone', category: 'outage', class: 'deferred' };
    const request = sent(
      'helpdesk',
      'r-1',
      'ServiceRequestOpened',
      2,
      { ...opened, openedAt: isoOnDay(2) },
      causationid,
    );
    const { requests, failures } = given(request, { ...failure, causationId: 'call-1' });
    const call = eventIdOf('helpdesk', 'call-1');
    expect(requests.get('r-1')?.recorded?.causationId).toBe(call);
    expect(failures).toMatchObject([{ causationId: call }]);
  });

  it('an answer is about it likewise', () => {
    expect(given(failure, answer).surveys).toMatchObject([{ aboutEventId: eventIdOf('helpdesk', 'outage-1') }]);
  });
});
