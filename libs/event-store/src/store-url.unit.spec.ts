import * as E from 'fp-ts/Either';
import { parseStoreUrl } from './store-url';

describe('a store URL', () => {
  it.each([
    ['sqlite:./data/afecto.db', './data/afecto.db'],
    ['sqlite:/var/lib/afecto/log.db', '/var/lib/afecto/log.db'],
    ['sqlite:///var/lib/log.db', '/var/lib/log.db'],
    ['SQLITE:log.db', 'log.db'],
    ['  sqlite:log.db ', 'log.db'],
  ])('%s names the file %s', (url, file) => {
    expect(parseStoreUrl(url)).toEqual(E.right({ engine: 'sqlite', file }));
  });

  it.each([
    ['esdb://localhost:2113', 'not built in yet'],
    ['kurrentdb://localhost:2113', 'not built in yet'],
    ['postgres://localhost/afecto', 'unknown scheme "postgres"'],
    ['data/afecto.db', 'no scheme'],
    ['', 'no scheme'],
    ['sqlite:', 'no file'],
    ['sqlite://', 'no file'],
    ['sqlite::memory:', 'needs a file'],
    ['sqlite:./data/', 'a folder'],
  ])('%s is refused with the reason and with what is allowed', (url, reason) => {
    const refused = parseStoreUrl(url);
    expect(refused).toMatchObject({ left: { code: 'InvalidStoreUrl', url, message: expect.stringContaining(reason) } });
    expect(refused).toMatchObject({ left: { message: expect.stringContaining('sqlite:./data/afecto.db') } });
  });
});
