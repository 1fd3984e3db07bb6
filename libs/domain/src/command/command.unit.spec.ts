import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { eventIdOf } from '../facts/attributes';
import { catalogue, factTypes } from '../facts/catalogue';
import { resolveComplaint } from '../complaint/resolve-complaint';
import { received } from '../complaint/complaint-facts';
import { defaultConfiguration } from '../policy/configuration';
import { decided, factsOfCommand } from './definition';
import { domainErrorCodes, httpStatusOf } from './errors';
import { happened, hours, NOW, past, run } from './given-when-then';
import { jsonSchemaOf } from './json-schema';
import { commandNames, commandOf, describeCommands } from './registry';
import { sameStatement } from './same-statement';

const origin = {
  commandId: 'command-1',
  occurredAt: NOW,
  actor: { kind: 'agent', id: 'agent-1', roles: ['supervisor'] },
  source: 'ui',
} as const;

describe('the facts of a command', () => {
  const facts = [
    decided('ServiceRequestResumed', { requestId: 'r1' }, ['customer']),
    decided('ServiceRequestReopened', { requestId: 'r1', reason: 'again' }, ['customer'], 'phone'),
  ];

  it('take ids that sort in the order of decision, and the event ids that follow from them', () => {
    const [first, second] = factsOfCommand(facts, origin, 'request-r1');
    expect(first).toEqual({
      eventId: eventIdOf('ui', 'command-1.000'),
      type: 'ServiceRequestResumed',
      schemaVersion: 1,
      streamId: 'request-r1',
      occurredAt: NOW,
      source: 'ui',
      id: 'command-1.000',
      subjects: ['customer'],
      actor: { kind: 'agent', id: 'agent-1' },
      commandId: 'command-1',
      data: { requestId: 'r1' },
    });
    expect(second).toMatchObject({ id: 'command-1.001', channel: 'phone' });
  });

  it('are the same when the command is repeated', () => {
    expect(factsOfCommand(facts, origin, 's')).toEqual(factsOfCommand(facts, origin, 's'));
    expect(factsOfCommand(facts, { ...origin, commandId: 'command-2' }, 's')[0]?.eventId).not.toBe(
      factsOfCommand(facts, origin, 's')[0]?.eventId,
    );
  });

  it('fit the codecs of the catalogue', () => {
    const complaint = received(-hours(1));
    const { decision } = run(resolveComplaint, { complaintId: 'c1', decision: 'upheld', rootCause: 'x' }, [complaint]);
    for (const fact of happened(decision, 0)) {
      expect(catalogue[fact.type].codec.is(fact.data)).toBe(true);
    }
  });

  it('leave a state that does not depend on the order of arrival', () => {
    const history = [
      received(-hours(9)),
      past(
        'ComplaintAcknowledged',
        { complaintId: 'c1', responsibleAgentId: 'a', resolveBy: '2026-03-11T00:00:00Z' },
        -hours(8),
      ),
    ];
    const decide = (facts: typeof history) =>
      run(resolveComplaint, { complaintId: 'c1', decision: 'upheld', rootCause: 'x' }, facts).decision;
    expect(decide(history.toReversed())).toEqual(decide(history));
  });
});

describe('the errors', () => {
  it.each([
    ['Forbidden', 403],
    ['PartyNotFound', 404],
    ['PartyErased', 409],
    ['AlreadyAcknowledged', 409],
    ['ConcurrencyConflict', 412],
    ['ValidationFailed', 422],
    ['ConfigInvalid', 422],
  ] as const)('%s answers %i', (code, status) => {
    expect(httpStatusOf(code)).toBe(status);
  });

  it('have a status each', () => {
    for (const code of domainErrorCodes) expect([403, 404, 409, 412, 422]).toContain(httpStatusOf(code));
  });
});

describe('the registry', () => {
  it('names every command as its definition does', () => {
    for (const name of commandNames) expect(commandOf(name).name).toBe(name);
  });

  it.each(commandNames)('%s refuses what is no object, and any unknown field', (name) => {
    const receive = (body: unknown) =>
      commandOf(name).receive(body, { ...origin, now: NOW, configuration: defaultConfiguration });
    for (const body of [null, 1, 'text', []]) {
      expect(receive(body)).toEqual(E.left(expect.objectContaining({ code: 'ValidationFailed' })));
    }
    const refusal = receive({ noSuchField: 1 });
    expect(refusal).toEqual(E.left(expect.objectContaining({ code: 'ValidationFailed' })));
    expect(JSON.stringify(refusal)).toContain('/noSuchField');
  });

  it('describes every body as a closed object', () => {
    const descriptions = describeCommands();
    expect(descriptions.map(({ name }) => name)).toEqual(commandNames);
    for (const { body } of descriptions) expect(body).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

describe('the JSON schema of a codec', () => {
  it('says what the codec allows', () => {
    expect(jsonSchemaOf(commandOf('AcknowledgeComplaint').input)).toEqual({
      type: 'object',
      properties: {
        complaintId: expect.objectContaining({ type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' }),
        responsibleAgentId: expect.objectContaining({ type: 'string' }),
        resolveBy: expect.objectContaining({ type: 'string', format: 'date-time' }),
      },
      required: ['complaintId', 'responsibleAgentId'],
      additionalProperties: false,
    });
  });

  it('marks personal data', () => {
    expect(jsonSchemaOf(commandOf('ReceiveComplaint').input).properties?.['text']).toEqual({
      type: 'string',
      minLength: 0,
      maxLength: 10_000,
      'x-personal': true,
    });
  });

  it('exists for every event', () => {
    for (const type of factTypes) expect(jsonSchemaOf(catalogue[type].codec).type).toBe('object');
  });
});

describe('two statements', () => {
  it('are the same whatever the order of their keys', () => {
    expect(sameStatement({ a: 1, b: [{ c: 2, d: undefined }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
    expect(sameStatement({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameStatement([1, 2], [2, 1])).toBe(false);
    expect(sameStatement([1], { 0: 1 })).toBe(false);
  });

  it('are the same as themselves after a trip through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(sameStatement(value, JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
