import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { scanSqliteLog, StoreDamagedError } from '@afecto/event-store';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { CHECKPOINT_STREAM, checkpointsOf } from '../checkpoint/kept-checkpoints';
import type { PublicKey } from '../checkpoint/keys';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { toHex } from '../merkle/hash';
import {
  aKey,
  anEvent,
  checkpointNow,
  expectRight,
  openLog,
  openTree,
  temporaryFolder,
  tickingClock,
} from '../testing/given-log';
import { Forger, type Tampering, tamperings } from '../testing/tampering';
import { followLog } from '../tree/follow-log';
import { TreeFile } from '../tree/tree-file';
import { claimsOf, type HeldFile } from './claims';
import { type LogVerdict, verifyLog } from './verify-log';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const key = aKey(folder.path('key.pem'));
let serial = 0;

/** A random log: which streams its events go to, in groups, and after which groups a checkpoint is taken. */
interface Shape {
  readonly groups: ReadonlyArray<{
    readonly stream: number;
    readonly texts: ReadonlyArray<string>;
    readonly isChecked: boolean;
  }>;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  groups: fc.array(
    fc.record({
      stream: fc.nat({ max: 3 }),
      texts: fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      isChecked: fc.boolean(),
    }),
    { minLength: 2, maxLength: 8 },
  ),
});

interface GivenLog {
  readonly file: string;
  readonly tree: string;
  /** The newest checkpoint; empty: none was taken. */
  readonly note: string;
}

const givenLog = async ({ groups }: Shape): Promise<GivenLog> => {
  serial += 1;
  const [file, treeFile] = [folder.path(`${serial}.db`), folder.path(`${serial}.tree.db`)];
  const [store, tree] = [openLog(file, tickingClock()), openTree(treeFile)];
  let note = '';
  for (const { stream, texts, isChecked } of groups) {
    const events = texts.map((text, n) => anEvent({ type: `Noted${n}`, data: { text } }));
    expectRight(await store.append({ streamId: `note-${stream}`, expectedRevision: 'any', events }));
    if (isChecked) note = await checkpointNow(store, tree, key);
  }
  await followLog(store, tree);
  tree.close();
  await store.close();
  return { file, tree: treeFile, note };
};

interface Audit {
  readonly tree?: string;
  readonly held?: ReadonlyArray<HeldFile>;
  readonly trusted?: ReadonlyArray<PublicKey>;
}

const audit = async (file: string, { tree, held = [], trusted = [key.publicKey] }: Audit): Promise<LogVerdict> => {
  const scan = expectRight(scanSqliteLog(file));
  const opened = tree === undefined ? null : expectRight(TreeFile.open(tree, { readOnly: true }));
  try {
    return await verifyLog({
      records: scan.records,
      isDense: true,
      tree: opened,
      claims: claimsOf(checkpointsOf(scan.stream(CHECKPOINT_STREAM)), held, trusted),
      place: async (id) => scan.placeOf(id),
    });
  } finally {
    opened?.close();
    scan.close();
  }
};

/** Every event as it can be told apart from another, as long as the file can be read. */
const fingerprints = async (file: string): Promise<ReadonlyArray<string>> => {
  const [scan, encoder, seen] = [expectRight(scanSqliteLog(file)), new LeafEncoder(), new Array<string>()];
  try {
    for await (const page of scan.records())
      for (const record of page) seen.push(`${record.position} ${record.isSound} ${toHex(encoder.hash(record))}`);
  } catch (error) {
    if (!(error instanceof StoreDamagedError)) throw error;
  } finally {
    scan.close();
  }
  return seen;
};

/** Where two logs part; null: nowhere. */
const parting = async (one: string, other: string): Promise<number | null> => {
  const [a, b] = [await fingerprints(one), await fingerprints(other)];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, n) => n).find((n) => a[n] !== b[n]);
  return at ?? null;
};

const tampered = (file: string, tampering: Tampering): string => {
  serial += 1;
  const copy = folder.path(`${serial}.db`);
  copyFileSync(file, copy);
  const forger = new Forger(copy);
  forger.apply(tampering);
  forger.close();
  return copy;
};

const someTampering = fc.record({
  kind: fc.constantFrom(...tamperings),
  event: fc.nat({ max: 1_000 }),
  other: fc.nat({ max: 100_000 }),
  isCareful: fc.boolean(),
});

describe('a log that nobody has touched', () => {
  it('holds against its tree, its checkpoints, and one that was kept elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const { file, tree, note } = await givenLog(shape);
        const held = note === '' ? [] : [{ file: 'outside', text: note }];
        const verdict = await audit(file, { tree, held });
        expect(verdict).toMatchObject({ first: null, treeDamage: null, complete: true, equalToTree: verdict.size });
        expect(verdict.claims.map(({ verdict: each }) => each)).toEqual(verdict.claims.map(() => 'holds'));
        expect(verdict.claims).toHaveLength(shape.groups.filter(({ isChecked }) => isChecked).length + held.length);
      }),
      { numRuns: 10 },
    );
  });
});

const TWO_NOTES: Shape = {
  groups: [true, false].map((isChecked) => ({ stream: 0, texts: [''], isChecked })),
};
/** A bit in the page of names (see `scan-log.int.spec.ts`), and one in a page that opening reads. */
const FOUND_BY_CHANCE: [Shape, number][] = [
  [TWO_NOTES, 1_048_772_692],
  [TWO_NOTES, 677_478_500],
];

describe('a log that was changed in its file', () => {
  it.each(tamperings)(
    '%s: the first event that differs is named, whether or not checksums were forged',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(shapes, someTampering, async (shape, given) => {
          const { file, tree } = await givenLog(shape);
          const changed = tampered(file, { ...given, kind });
          const expected = await parting(file, changed);
          const { first } = await audit(changed, { tree });
          expect({ index: first?.index ?? null, last: first?.last ?? null }).toEqual({ index: expected, last: null });
        }),
        { numRuns: 6 },
      );
    },
  );

  it('with its tree file deleted is found as far as a checkpoint reaches, wherever that is kept', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, someTampering, async (shape, given) => {
        const { file, note } = await givenLog(shape);
        const changed = tampered(file, given);
        const expected = await parting(file, changed);
        const covered = note === '' ? 0 : Number(note.split('\n')[1]);
        const { first } = await audit(changed, { held: [{ file: 'outside', text: note }] });
        if (expected === null) expect(first).toBeNull();
        else if (expected < covered) {
          expect(first).not.toBeNull();
          if (first?.last != null) expect([first.index <= expected, expected <= first.last]).toEqual([true, true]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('in one bit of the file is found wherever the bit tells something', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(), async (shape, bit) => {
        const { file, tree } = await givenLog(shape);
        serial += 1;
        const changed = folder.path(`${serial}.db`);
        const bytes = readFileSync(file);
        // The first page holds the schema and its format, without which nothing can be opened.
        const at = 4_096 + (Math.floor(bit / 8) % (statSync(file).size - 4_096));
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
        writeFileSync(changed, bytes);
        const opened = scanSqliteLog(changed);
        // What opening reads is damaged: that is said at the door, and nobody takes the log for sound.
        if (E.isLeft(opened)) return expect(opened.left.code).toBe('StoreDamaged');
        opened.right.close();
        const expected = await parting(file, changed);
        const { first } = await audit(changed, { tree });
        expect(first?.index ?? null).toBe(expected);
      }),
      { numRuns: 25, examples: FOUND_BY_CHANCE },
    );
  });
});
