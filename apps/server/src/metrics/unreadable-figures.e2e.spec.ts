import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { givenServer } from '../testing/given-server';

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
});
