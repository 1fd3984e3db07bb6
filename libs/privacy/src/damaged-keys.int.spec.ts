import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damageInKeyStore } from './damaged-keys';
import { givenSealed } from './testing/given-sealed';

/*
 * Whoever could not look at the key store at all was told that it is damaged and to put a copy in its place: of one that
 * may not be opened, as in a folder that can only be read, and at once of one that another process locks for a moment.
 */
describe('the pages of a key store', () => {
  it('are damaged when SQLite says so, and not when it cannot look at them', async () => {
    const given = givenSealed();
    expect(damageInKeyStore(given.files.keyStore)).toBeNull();
    expect(damageInKeyStore(given.folder)).toBeNull();
    const garbage = join(given.folder, 'garbage.db');
    writeFileSync(garbage, Buffer.alloc(8_192, 7));
    expect(damageInKeyStore(garbage)).toBe('file is not a database');
    await given.remove();
  });
});
