import * as E from 'fp-ts/Either';
import { EVENT_NAMESPACE, eventIdOf } from './attributes';
import { catalogueEntry, factTypes } from './catalogue';
import { decodeCloudEvent, type IncomingFact } from './cloud-events';
import type { FieldError } from './decode';
import { samples } from './samples';

const survey = {
  specversion: '1.0',
  id: 'answer-1',
  source: 'https://surveys.example.org',
  type: 'SurveyAnswered',
  subject: 'p1',
  time: '2026-03-01T10:00:00.000Z',
  data: samples.SurveyAnswered,
};

const accepted = (json: unknown): IncomingFact => {
  const result = decodeCloudEvent(json);
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

const refused = (json: unknown): ReadonlyArray<FieldError> => {
  const result = decodeCloudEvent(json);
  if (E.isRight(result)) throw new Error('the event was accepted');
  return result.left;
};

const paths = (json: unknown) => refused(json).map(({ path }) => path);

describe('the identity of a fact', () => {
  // coverage: 44
  it('is the UUID version 5 of its source and id, for ever', () => {
    expect(EVENT_NAMESPACE).toBe('6f0c1a52-8f7e-5b0e-9d63-2b8f5a1c7e44');
    expect(eventIdOf('https://surveys.example.org', 'answer-1')).toBe('fee03300-5acf-5d96-9316-aaf33a064a3f');
  });

  it('cannot be confused by moving characters between source and id', () => {
    expect(eventIdOf('a', 'bc')).not.toBe(eventIdOf('ab', 'c'));
    expect(eventIdOf('a","b', 'c')).not.toBe(eventIdOf('a', 'b","c'));
  });
});

describe('a CloudEvent that comes in', () => {
  it('becomes a fact with everything that is needed to append it', () => {
    expect(accepted(survey)).toEqual({
      eventId: eventIdOf(survey.source, survey.id),
      type: 'SurveyAnswered',
      schemaVersion: 1,
      streamId: 'survey-s1',
      occurredAt: Date.parse('2026-03-01T10:00:00.000Z'),
      source: survey.source,
      id: 'answer-1',
      subjects: ['p1'],
      actor: { kind: 'integration', id: survey.source },
      data: samples.SurveyAnswered,
    });
  });

  it('carries its extension attributes through', () => {
    const extended = {
      ...survey,
      channel: 'web',
      actorkind: 'agent',
      actorid: 'agent1',
      correlationid: 'visit 7',
      causationid: 'i1',
      streamid: 'survey-elsewhere',
      traceparent: '00-ab-cd-01',
      retries: 3,
      urgent: false,
      dataschema: 'https://example.org/schema',
      datacontenttype: 'application/json; charset=utf-8',
    };
    expect(accepted(extended)).toMatchObject({
      channel: 'web',
      actor: { kind: 'agent', id: 'agent1' },
      correlationId: 'visit 7',
      causationId: 'i1',
      streamId: 'survey-elsewhere',
      extensions: { traceparent: '00-ab-cd-01', retries: 3, urgent: false, dataschema: 'https://example.org/schema' },
    });
  });

  it('is accepted for every fact type', () => {
    for (const type of factTypes) {
      const fact = accepted({ ...survey, type, data: samples[type] });
      expect(fact).toMatchObject({ type, schemaVersion: catalogueEntry(type).schemaVersion, data: samples[type] });
    }
  });

  it('takes its own id from the event when its payload has none', () => {
    const { surveyId: _, ...data } = samples.SurveyAnswered;
    expect(accepted({ ...survey, data })).toMatchObject({
      streamId: 'survey-answer-1',
      data: { surveyId: 'answer-1' },
    });
    const odd = { ...survey, id: 'answer/ñ 1', data };
    const eventId = eventIdOf(survey.source, 'answer/ñ 1');
    expect(accepted(odd)).toMatchObject({ streamId: `survey-${eventId}`, data: { surveyId: eventId } });
  });

  it('may leave out lists that can be empty and links: absent means none', () => {
    const { reAskedFields: _fields, links: _links, ...data } = samples.InteractionRecorded;
    expect(accepted({ ...survey, type: 'InteractionRecorded', data }).data).toEqual({
      ...data,
      reAskedFields: [],
      links: {},
    });
  });

  it('may not leave out the id of the stream that it continues', () => {
    const { orderId: _, ...data } = samples.OrderFulfilled;
    expect(paths({ ...survey, type: 'OrderFulfilled', data })).toEqual(['/data/orderId']);
  });

  it('of an older schema version is upgraded at the edge', () => {
    const { totalNetMinor, ...rest } = samples.OrderPlaced;
    const old = { ...survey, type: 'OrderPlaced', schemaversion: 1, data: { ...rest, totalMinor: totalNetMinor } };
    expect(accepted(old)).toMatchObject({ schemaVersion: 2, data: samples.OrderPlaced });
    expect(accepted({ ...old, schemaversion: '1' })).toEqual(accepted(old));
    expect(paths({ ...old, schemaversion: 2 }).toSorted()).toEqual(['/data/totalMinor', '/data/totalNetMinor']);
  });

  it('of a schema version of the future is refused by name', () => {
    expect(refused({ ...survey, schemaversion: 7 })).toEqual([
      { path: '/schemaversion', message: 'version 7 of SurveyAnswered is not known; allowed are 1..1' },
    ]);
  });
});

describe('a CloudEvent with mistakes', () => {
  it.each([
    ['specversion', '0.3'],
    ['specversion', undefined],
    ['id', ''],
    ['id', 'x'.repeat(257)],
    ['id', 'line\nbreak'],
    ['id', 7],
    ['id', undefined],
    ['source', ''],
    ['source', 'two words'],
    ['source', 'a\u0007b'],
    ['source', 'x'.repeat(257)],
    ['source', undefined],
    ['type', 'LoyaltyZoneChanged'],
    ['type', 'toString'],
    ['type', undefined],
    ['time', '2026-02-30T10:00:00Z'],
    ['time', '2026-03-01T10:00:00+02:00'],
    ['time', '2026-03-01T24:00:00Z'],
    ['time', '2026-03-01T10:00:60Z'],
    ['time', '2026-03-01T10:00:00.1234Z'],
    ['time', '2026-03-01'],
    ['time', 1_772_359_200_000],
    ['time', null],
    ['time', undefined],
    ['subject', 'ana@example.org'],
    ['subject', ''],
    ['data', undefined],
    ['data', null],
    ['data', 'text'],
    ['data', []],
    ['datacontenttype', 'text/xml'],
    ['channel', 'pigeon'],
    ['actorkind', 'robot'],
    ['actorid', ''],
    ['correlationid', ''],
    ['causationid', 'a\u0000'],
    ['streamid', '$all'],
    ['streamid', 'with space'],
    ['schemaversion', 0],
    ['schemaversion', 'two'],
    ['subjects', 'p1,p 2'],
    ['data_base64', 'e30='],
    ['UpperCase', 'x'],
    ['averyveryverylongextensionname', 'x'],
    ['nested', { a: 1 }],
    // JSON readers round beyond 2^53: another number would be carried through than was sent.
    ['larger', 2 ** 53],
    ['larger', -(2 ** 53)],
  ])('%s = %j is refused at its path', (name, value) => {
    expect(paths({ ...survey, [name]: value })).toContain(`/${name}`);
  });

  // The JSON format of CloudEvents 1.0 (2.2): "unset attributes MAY be encoded to the JSON value of null", which a
  // reader must take for unset. Some SDKs write all of them, and their facts went to quarantine.
  it('an attribute that is null is one that is not set', () => {
    const { subject: _, ...rest } = survey;
    const unset = { channel: null, actorkind: null, streamid: null, datacontenttype: null, traceparent: null };
    expect(accepted({ ...rest, ...unset, subject: null, data_base64: null })).toEqual(accepted(rest));
    expect(refused({ ...survey, id: null })).toEqual(refused({ ...survey, id: undefined }));
  });

  it.each([[null], [[]], ['text'], [7]])('%j is no event', (json) => {
    expect(paths(json)).toEqual(['']);
  });

  it('reports all fields that are wrong, not only the first', () => {
    const broken = {
      ...survey,
      specversion: '2.0',
      time: 'yesterday',
      channel: 'pigeon',
      data: { ...samples.SurveyAnswered, instrument: 'smile', scaleMin: null, colour: 'red' },
    };
    expect(paths(broken).toSorted()).toEqual([
      '/channel',
      '/data/colour',
      '/data/instrument',
      '/data/scaleMin',
      '/specversion',
      '/time',
    ]);
  });

  it('names what came, cut to 100 characters, and what is allowed', () => {
    const [error] = refused({ ...survey, channel: 'x'.repeat(500) });
    expect(error?.message).toMatch(/^must be one of phone, chat, .*; got "x{98}…$/);
    expect(refused({ ...survey, data: { ...samples.SurveyAnswered, score: 11 } })).toEqual([
      { path: '/data/score', message: 'must lie on its scale 0..10; got 11' },
    ]);
  });

  it('never repeats a personal value in a message', () => {
    const secret = 'ana@example.org';
    const value = [{ ...samples.PartyIdentified.identifiers[0], value: { secret } }];
    for (const identifiers of [value, secret, { secret }, [secret]]) {
      const errors = refused({ ...survey, type: 'PartyIdentified', data: { partyId: 'p1', identifiers } });
      expect(JSON.stringify(errors)).not.toContain('ana@');
    }
  });

  it('may not bring a sealed value', () => {
    const verbatim = { kid: 'k', nonce: 'n', ct: 'c', tag: 't' };
    expect(paths({ ...survey, data: { ...samples.SurveyAnswered, verbatim } })).toEqual(['/data/verbatim']);
  });

  it.each([
    ['SurveyAnswered', { score: 11 }, '/data/score'],
    ['SurveyAnswered', { score: 8.5 }, '/data/score'],
    ['SurveyAnswered', { scaleMin: 10, score: 10 }, '/data/scaleMax'],
    ['ComplaintFollowedUp', { unreachable: true }, '/data/verdict'],
    ['ComplaintFollowedUp', { verdict: undefined }, '/data/verdict'],
    ['CompensationGranted', { complaintId: undefined, partyId: undefined }, '/data/complaintId'],
    ['RewardGranted', { membershipId: undefined, partyId: undefined }, '/data/membershipId'],
    ['SwitchingBarrierSet', { disclosedAt: undefined }, '/data/disclosedAt'],
  ] as const)('%s with %j is refused at %s', (type, change, path) => {
    expect(paths({ ...survey, type, data: { ...samples[type], ...change } })).toEqual([path]);
  });

  it.each([
    ['ComplaintFollowedUp', { verdict: undefined, unreachable: true }],
    ['ComplaintFollowedUp', { unreachable: undefined }],
    ['SwitchingBarrierSet', { kind: 'barrier', disclosedAt: undefined }],
    ['SurveyAnswered', { instrument: 'custom', score: 8.5 }],
  ] as const)('%s with %j is accepted', (type, change) => {
    accepted({ ...survey, type, data: { ...samples[type], ...change } });
  });

  it('without a party is refused at /subject', () => {
    const { subject: _, ...nobody } = survey;
    expect(paths({ ...nobody, type: 'OrderFulfilled', data: samples.OrderFulfilled })).toEqual(['/subject']);
    expect(accepted({ ...nobody, type: 'CampaignLaunched', data: samples.CampaignLaunched }).subjects).toEqual([]);
  });
});
