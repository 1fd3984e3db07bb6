import { factTypes } from '@afecto/domain';
import fc from 'fast-check';
import { MAX_BATCH_EVENTS } from '../facts/incoming';
import { MAX_BODY_BYTES } from '../request/body';
import { admissionOf, LEAST_FACT_BYTES } from './front-door';
import { limitsFor, limitsOfThisMachine } from './limits';

const MIB = 1_024 ** 2;
/** `limits.ts`: what a byte of a body costs while it is decoded and stored, and a fact that waits for its commit. */
const BODY_COST = 8;
const FACT_COST = 2_048;

describe('limits', () => {
  it('of any heap from 192 MiB on leave three tenths of it free when all are reached', () => {
    fc.assert(
      fc.property(fc.integer({ min: 192, max: 64 * 1_024 }), (mebibytes) => {
        const { facts, commands, reads } = limitsFor(mebibytes * MIB);
        const most = BODY_COST * (facts.bytes + commands.bytes) + FACT_COST * facts.facts + reads.bytes;
        expect(most).toBeLessThan((mebibytes * MIB * 7) / 10);
      }),
    );
  });

  it('of any machine are finite whole numbers and let one call of the largest size in', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), (heap) => {
        const { facts, commands, reads, ...numbers } = limitsFor(heap);
        for (const value of [facts, commands, reads]
          .flatMap((load) => Object.values(load))
          .concat(Object.values(numbers)))
          expect(Number.isSafeInteger(value)).toBe(true);
        expect(facts.facts).toBeGreaterThanOrEqual(MAX_BATCH_EVENTS);
        expect(facts.bytes).toBeGreaterThanOrEqual(MAX_BODY_BYTES);
        expect(commands.bytes).toBeGreaterThanOrEqual(MAX_BODY_BYTES);
        for (const value of [facts.requests, commands.requests, reads.requests, ...Object.values(numbers)])
          expect(value).toBeGreaterThan(0);
      }),
    );
  });

  it('grow with the memory', () => {
    expect(limitsFor(4_096 * MIB).facts.bytes).toBeGreaterThan(limitsFor(512 * MIB).facts.bytes);
    expect(limitsOfThisMachine().facts.requests).toBeGreaterThan(0);
  });
});

describe('facts are counted by the length of a body', () => {
  it.each(factTypes)('%s is not shorter than what one is counted for', (type) => {
    const least = {
      specversion: '1.0',
      id: '1',
      source: 'a',
      type,
      time: '2026-01-01T00:00:00Z',
      data: { partyId: 'p' },
    };
    expect(JSON.stringify(least).length).toBeGreaterThanOrEqual(LEAST_FACT_BYTES);
  });
});

describe('what bounds a request', () => {
  it.each([
    ['POST', '/v1/events', 'facts'],
    ['POST', '/v1/quarantine/0123/retry', 'facts'],
    ['POST', '/v1/commands/RegisterParty', 'commands'],
    ['POST', '/v1/queues/all/claims', 'commands'],
    ['POST', '/v1/work-items/0123/complete', 'commands'],
    ['PUT', '/nowhere', 'commands'],
    ['POST', '/health/live', 'commands'],
    ['POST', '/v1/eventsandmore', 'commands'],
    ['GET', '/v1/events', 'reads'],
    ['HEAD', '/v1/parties', 'reads'],
    ['GET', '/openapi.json', 'reads'],
    ['GET', '/health/live', null],
    ['GET', '/health/ready', null],
    ['GET', '/metrics', null],
    ['GET', '/v1/events/stream', null],
  ])('%s %s: %s', (method, path, name) => expect(admissionOf(method, path)).toBe(name));
});
