import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { registered } from '../testing/arbitrary-facts';
import { givenServer, isOnServer } from '../testing/given-server';

/*
 * One figure of many comes from the quarantine, few from the rows. When their file could not be read, `/metrics` answered
 * 500: lag, positions and the state of the log went blind with it, while the server was ready.
 */
describe('metrics while a file cannot be read', () => {
  it.each([
    ['quarantine.db', 'quarantined', /^afecto_quarantined_facts nan$/im],
    ['read-models.db', 'dead_letter', /^afecto_dead_letters nan$/im],
    ['read-models.db', 'work_item', /^afecto_dead_letters 0$/m],
  ])('show all other figures: %s without %s', async (file, table, figure) => {
    const server = await givenServer();
    const database = new DatabaseSync(join(server.folder, file));
    database.exec(`DROP TABLE ${table}`);
    database.close();
    const response = await fetch(`${server.url}/metrics`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(figure);
    expect(text).toMatch(/^afecto_projection_lag_events \d+$/m);
    await server.remove();
  });

  // What holds the projections up is what the age of the oldest event is read from: the lag was told least when it grew.
  (isOnServer ? it.skip : it)('show all other figures: an event that the projections cannot read', async () => {
    const server = await givenServer();
    const rows = new DatabaseSync(join(server.folder, 'read-models.db'));
    rows.exec('DROP TABLE party_fact');
    rows.close();
    expect(await server.facts(registered('m1'))).toMatchObject({ status: 200 });
    const log = new DatabaseSync(join(server.folder, 'log.db'));
    log.exec("UPDATE events SET data = '{'");
    log.close();
    const response = await fetch(`${server.url}/metrics`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/^afecto_projection_lag_seconds nan$/im);
    expect(text).toMatch(/^afecto_projection_lag_events 1$/m);
    await server.remove();
  });
});
