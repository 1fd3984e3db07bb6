import { compiledWorkspace } from '../testing/gateway-process';
import { measureGateway } from './measure-gateway';

describe('the measurements of the gateway', () => {
  it('give each figure of the protocol beside its ceiling, a bare server and the raw commits', async () => {
    const { fileOf, environment } = compiledWorkspace();
    const measured = await measureGateway({
      rounds: 1,
      runMs: 10,
      read: 200,
      delivered: 5,
      entry: fileOf('libs/gateway/src/bench/serve.ts'),
      environment,
    });
    expect(measured.map(({ name, unit, ceiling }) => [name, unit, ceiling])).toEqual([
      ['appends one by one', 'events/s', 3_600],
      ['appends one by one, p50', 'ms', 0.17],
      ['appends, 64 in flight', 'events/s', 12_500],
      ['appends of 100 events', 'events/s', 30_000],
      ['reads of one event of a stream', 'reads/s', 1_300],
      ['reading $all', 'events/s', 52_500],
      ['catching up with $all', 'events/s', 52_500],
      ['live delivery, p50', 'ms', 0.19],
      ['live delivery, p99', 'ms', null],
    ]);
    for (const { value, bare, processorTime, commits } of measured) {
      expect(Math.min(value, bare, processorTime, commits ?? Infinity)).toBeGreaterThan(0);
      expect(Math.max(value, bare, processorTime, commits ?? 0)).toBeLessThan(Infinity);
    }
    expect(measured.map(({ commits }) => commits !== null)).toEqual([
      ...[true, true, true, true],
      ...[false, false, false],
      ...[true, true],
    ]);
  });
});
