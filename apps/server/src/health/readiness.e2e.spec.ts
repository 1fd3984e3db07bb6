import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../../../libs/gateway/src/testing/gateway-process';
import { givenServer } from '../testing/given-server';

const folder = mkdtempSync(join(tmpdir(), 'afecto-readiness-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readiness', () => {
  it('is refused soon, with the reason, while the log on a server does not answer, and given again when it does', async () => {
    const log = join(folder, 'log.db');
    const gateway = await startProcess(log);
    const server = await givenServer({ eventStore: `esdb://127.0.0.1:${gateway.port}?tls=false` });
    const untilReady = async (): Promise<void> => {
      while ((await server.get('/health/ready')).status !== 200);
    };
    await untilReady();

    await gateway.kill();
    const asked = performance.now();
    const { status, body } = await server.get('/health/ready');
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(status).toBe(503);
    expect(JSON.stringify(body)).toContain('event store');
    expect((await server.get('/health/live')).status).toBe(200);
    const metrics = await fetch(`${server.url}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain('afecto_event_store_answers 0');

    const again = await startProcess(log, gateway.port);
    await untilReady();
    await server.remove();
    await again.kill();
  });
});
