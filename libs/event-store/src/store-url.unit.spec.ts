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
    ['esdb://localhost:2113', 'esdb://localhost:2113'],
    ['esdb://127.0.0.1:2113?tls=false', 'esdb://127.0.0.1:2113?tls=false'],
    ['esdb://admin:p%40ss@node1.example:2113,node2.example:2113?tlsCAFile=ca.crt', null],
    ['esdb+discover://cluster.example:2113?nodePreference=leader', null],
    ['esdb://[::1]:2113', null],
    ['kurrentdb://localhost:2113', 'esdb://localhost:2113'],
    ['kurrentdb+discover://cluster.example', 'esdb+discover://cluster.example'],
    ['KDB://localhost', 'esdb://localhost'],
    [' esdb://localhost ', 'esdb://localhost'],
  ])('%s names a server, in the words of its client', (url, passed) => {
    expect(parseStoreUrl(url)).toEqual(E.right({ engine: 'eventstoredb', url: passed ?? url }));
  });

  it('does not repeat a password in an error', () => {
    const refused = parseStoreUrl('esdb://admin:secret@node 1:2113');
    expect(refused).toMatchObject({ left: { code: 'InvalidStoreUrl', url: 'esdb://node 1:2113' } });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it.each([
    'esdb://admin:sec/ret@node:2113',
    'esdb://admin:sec?ret@node:2113',
    'esdb://admin:sec@ret@node:2113',
    'esdb:admin:secret@node:2113',
    'admin:secret@node:2113',
  ])('does not repeat a password that is not percent-encoded: %s', (url) => {
    const refused = parseStoreUrl(url);
    expect(refused).toMatchObject({ left: { code: 'InvalidStoreUrl' } });
    expect(JSON.stringify(refused)).not.toMatch(/sec|ret/);
  });

  it.each([
    ['esdb:', 'no //'],
    ['esdb://', 'names no host'],
    ['esdb://?tls=false', 'names no host'],
    ['esdb://localhost:0', 'localhost:0'],
    ['esdb://localhost:70000', 'localhost:70000'],
    ['esdb://localhost:port', 'localhost:port'],
    ['esdb://a,,b', 'no host'],
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
