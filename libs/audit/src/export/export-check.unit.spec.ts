import { originOf, signCheckpoint } from '../checkpoint/checkpoint';
import { aKey, temporaryFolder } from '../testing/given-log';
import { anExport, faultOf, type GivenExport, someRecords } from '../testing/given-export';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { hashFromBase64, toBase64 } from '../merkle/hash';
import { exportLine, readExportLine } from './export-line';
import { EVENTS_FILE, MANIFEST_FILE, PROOF_FILE, readManifest, toldFault } from './manifest';

const folder = temporaryFolder();
afterAll(folder.remove);
const key = aKey(folder.path('key.pem'));

const whole = anExport();
const part = anExport(someRecords(), ({ streamId }) => streamId === 'order-2');

const withLines = (change: (lines: string[]) => void, given: GivenExport = whole): GivenExport => {
  const lines = [...given.lines];
  change(lines);
  return { ...given, lines };
};
const replaced = (line: number, from: string, to: string): GivenExport =>
  withLines((lines) => {
    lines[line - 1] = (lines[line - 1] ?? '').replace(from, to);
  });
/** The same line with another content and the hash that this content has: what somebody careful would write. */
const forged = (line: number, from: string, to: string): GivenExport =>
  withLines((lines) => {
    const read = readExportLine((lines[line - 1] ?? '').trimEnd());
    if (read._tag === 'Left') throw new Error('the line is one of ours');
    const { record, leaf } = read.right;
    const other = { ...record, data: Buffer.from(Buffer.from(record.data).toString().replace(from, to)) };
    const place = leaf === null ? null : { ...leaf, hash: new LeafEncoder().hash(other) };
    lines[line - 1] = `${exportLine({ record: other, leaf: place })}\n`;
  });
const withManifest = (change: Partial<GivenExport['manifest']>, given: GivenExport = whole): GivenExport => ({
  ...given,
  manifest: { ...given.manifest, ...change },
});
const withProof = (change: Partial<NonNullable<GivenExport['proof']>>): GivenExport => ({
  ...part,
  proof: part.proof === null ? null : { ...part.proof, ...change },
});

const noteOf = (
  size: number,
  root: string,
  firstId = someRecords()[0]?.id ?? '',
): Partial<GivenExport['manifest']> => ({
  checkpoint: signCheckpoint(
    { origin: originOf(firstId), size, root: hashFromBase64(root) ?? '', at: Date.UTC(2025, 2, 2), position: 1n },
    key,
  ),
  publicKey: key.publicKey.pem,
});

describe('an export as it was written', () => {
  it('is in order, as a log and as a part', () => {
    expect(faultOf(whole)).toBeNull();
    expect(faultOf(part)).toBeNull();
    expect(faultOf(anExport([]))).toBeNull();
    expect(part.lines).toHaveLength(3);
  });

  it('is in order with a checkpoint of the same tree', () => {
    const { size, root } = whole.manifest.tree;
    expect(faultOf(withManifest(noteOf(size, root)))).toBeNull();
    expect(faultOf(withManifest(noteOf(size, root), part))).toBeNull();
    const earlier = anExport(someRecords().slice(0, 4)).manifest.tree;
    expect(faultOf(withManifest(noteOf(earlier.size, earlier.root)))).toBeNull();
  });

  it('has a manifest that is read back', () => {
    expect(readManifest(JSON.stringify(whole.manifest), MANIFEST_FILE)).toMatchObject({ right: whole.manifest });
  });
});

describe('an export that was changed', () => {
  const { tree } = whole.manifest;
  const other = toBase64('x'.repeat(32));
  it.each<readonly [string, GivenExport, { file: string; line?: number; field?: string }]>([
    [
      'a digit of its data',
      replaced(3, '"amount":2', '"amount":3'),
      { file: EVENTS_FILE, line: 3, field: 'afectoleaf' },
    ],
    ['a digit of its data and the hash of it', forged(3, '2', '3'), { file: EVENTS_FILE }],
    ['the time', replaced(2, '"time":"2025', '"time":"2024'), { file: EVENTS_FILE, line: 2, field: 'time' }],
    ['the stream', replaced(9, '"order-2"', '"order-9"'), { file: EVENTS_FILE, line: 9 }],
    [
      'when it was recorded',
      replaced(2, 'T12:00:01', 'T12:00:00'),
      { file: EVENTS_FILE, line: 2, field: 'afectoleaf' },
    ],
    [
      'the position, within its gap',
      replaced(7, '"afectoposition":"26"', '"afectoposition":"25"'),
      { file: EVENTS_FILE },
    ],
    [
      'the position, before the one before',
      replaced(7, '"afectoposition":"26"', '"afectoposition":"6"'),
      { file: EVENTS_FILE, line: 7 },
    ],
    ['an event that is no leaf', replaced(5, '"amount":4', '"amount":5'), { file: EVENTS_FILE }],
    ['a line removed', withLines((lines) => lines.splice(3, 1)), { file: EVENTS_FILE, line: 5 }],
    [
      'the first line removed',
      withLines((lines) => lines.splice(0, 1)),
      { file: EVENTS_FILE, line: 1, field: 'afectoindex' },
    ],
    ['the last line removed', withLines((lines) => lines.pop()), { file: EVENTS_FILE }],
    ['a line twice', withLines((lines) => lines.splice(3, 0, lines[3] ?? '')), { file: EVENTS_FILE, line: 5 }],
    ['a line more', withLines((lines) => lines.push(lines[8] ?? '')), { file: EVENTS_FILE, line: 10 }],
    [
      'two lines in another order',
      withLines((lines) => lines.push(...lines.splice(7, 1))),
      { file: EVENTS_FILE, line: 8 },
    ],
    ['an empty line', withLines((lines) => lines.splice(2, 0, '\n')), { file: EVENTS_FILE, line: 3 }],
    [
      'the end cut off',
      withLines((lines) => lines.push((lines.pop() ?? '').slice(0, -5))),
      { file: EVENTS_FILE, line: 9 },
    ],
    [
      'the last newline cut off',
      withLines((lines) => lines.push((lines.pop() ?? '').slice(0, -1))),
      { file: EVENTS_FILE, line: 9 },
    ],
    ['the number of events', withManifest({ events: 10 }), { file: EVENTS_FILE }],
    ['the number of facts', withManifest({ facts: 9 }), { file: MANIFEST_FILE, field: 'facts' }],
    ['the number of streams', withManifest({ streams: 9 }), { file: MANIFEST_FILE, field: 'streams' }],
    ['the types', withManifest({ types: { Noted: 9 } }), { file: MANIFEST_FILE, field: 'types' }],
    ['the last position', withManifest({ last: '99' }), { file: MANIFEST_FILE, field: 'last' }],
    ['the root', withManifest({ tree: { ...tree, root: other } }), { file: MANIFEST_FILE, field: 'tree.root' }],
    ['the size', withManifest({ tree: { ...tree, size: 7 } }), { file: MANIFEST_FILE, field: 'tree.size' }],
    [
      'a checkpoint of another root',
      withManifest(noteOf(tree.size, other)),
      { file: MANIFEST_FILE, field: 'checkpoint' },
    ],
    ['a checkpoint of more events', withManifest(noteOf(99, tree.root)), { file: MANIFEST_FILE, field: 'checkpoint' }],
    [
      'a checkpoint of another log',
      withManifest(noteOf(tree.size, tree.root, 'x')),
      { file: MANIFEST_FILE, field: 'checkpoint' },
    ],
    [
      'a checkpoint with a changed line',
      withManifest({
        ...noteOf(tree.size, tree.root),
        checkpoint: noteOf(tree.size, tree.root).checkpoint?.replace('position 1', 'position 2') ?? null,
      }),
      { file: MANIFEST_FILE, field: 'checkpoint' },
    ],
    ['a part with an event less', withLines((lines) => lines.splice(1, 1), part), { file: EVENTS_FILE }],
    [
      'a part with another place of an event',
      { ...part, lines: part.lines.map((line) => line.replace('"afectoindex":"7"', '"afectoindex":"6"')) },
      { file: EVENTS_FILE },
    ],
    [
      'the party of a part',
      withManifest({ party: { id: 'bea', members: ['bea'] } }, part),
      { file: EVENTS_FILE, line: 1 },
    ],
    [
      'who is merged into the party of a part',
      withManifest({ party: { id: 'ana', members: ['ana', 'bea'] } }, part),
      { file: MANIFEST_FILE, field: 'party' },
    ],
    ['a proof of another size', withProof({ size: 99 }), { file: PROOF_FILE, field: 'size' }],
    [
      'a proof with another hash',
      withProof({ hashes: [other, ...(part.proof?.hashes.slice(1) ?? [])] }),
      { file: PROOF_FILE, field: 'hashes' },
    ],
    [
      'a proof with a hash more',
      withProof({ hashes: [...(part.proof?.hashes ?? []), other] }),
      { file: PROOF_FILE, field: 'hashes' },
    ],
    [
      'a part under a checkpoint of another tree',
      withManifest(noteOf(tree.size, other), part),
      { file: MANIFEST_FILE, field: 'tree' },
    ],
  ])('is refused: %s', (_, given, where) => {
    expect(faultOf(given)).toMatchObject(where);
  });

  it.each<readonly [string, object]>([
    ['format', { format: 'another' }],
    ['version', { version: 2 }],
    ['leaf', { leaf: 2 }],
    ['kind', { kind: 'half' }],
    ['party', { party: { id: 'ana', members: [] } }],
    ['files', { files: [] }],
    ['events', { events: -1 }],
    ['first', { first: 'one' }],
    ['tree', { tree: { size: 1, root: 'x' } }],
    ['more', { more: true }],
  ])('has a manifest whose %s is refused', (field, change) => {
    const read = readManifest(JSON.stringify({ ...whole.manifest, ...change }), MANIFEST_FILE);
    expect(read).toMatchObject({ left: { file: MANIFEST_FILE, field } });
  });

  it('is told in one sentence: file, line, attribute, found, expected', () => {
    const fault = faultOf(replaced(3, '"amount":2', '"amount":3'));
    expect(fault === null ? '' : toldFault(fault)).toMatch(
      /^events\.ndjson, line 3, afectoleaf: found \S{44}, expected \S{44}, the leaf of event [0-9a-f-]{36}$/,
    );
    expect(readManifest('{', MANIFEST_FILE)).toMatchObject({ left: { found: 'no JSON object' } });
  });
});
