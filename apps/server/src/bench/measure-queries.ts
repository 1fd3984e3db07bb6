import { type Instant, toIso } from '@afecto/domain';
import { besideBare } from './beside-bare';
import { percentile } from './client';
import { type Figure, type MeasureOptions, ROUNDS } from './figure';
import { type WireClient, wireRequest } from './wire-client';

/** Of each question in each round, unless it takes longer than this. */
const ASKED = 100;
const ASKED_MS = 4_000;
const WARM_UP = 15;
/** Parties whose views are asked, spread evenly over all. */
const PARTIES = 400;
const A_PAGE = 200;

const kinds = ['figures', 'reports', 'views', 'lists', 'parties'] as const;

/** One address of a kind, with what is put behind it in turn. */
interface Question {
  readonly kind: (typeof kinds)[number];
  readonly name: string;
  readonly requests: ReadonlyArray<Buffer>;
}

export interface QueriesOptions extends MeasureOptions {
  /** Fills the log, and the read models beside it, before the server starts. */
  readonly prepare: (log: string) => Promise<void>;
  /** The server's clock, and where the history begins: windows are of a year and of all of it. */
  readonly clock: Instant;
  readonly startsAt: Instant;
}

const listed = async (client: WireClient, path: string, field: string): Promise<ReadonlyArray<object>> => {
  const answer: unknown = JSON.parse((await client.expect200(wireRequest('GET', path))).toString());
  const list: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, field) : null;
  if (!Array.isArray(list)) throw new Error(`${path} has no list ${field}`);
  return list;
};

const namesOf = async (client: WireClient, path: string, field: string): Promise<ReadonlyArray<string>> =>
  (await listed(client, path, field)).map((one) => String(Reflect.get(one, 'name')));

/** Lists and counts of all customers and of all work, also those that find nothing and look everywhere. */
const lists: ReadonlyArray<readonly [name: string, paths: ReadonlyArray<string>]> = [
  ['zones', ['/v1/loyalty/zones', '/v1/loyalty/zones?groupBy=tier', '/v1/loyalty/zones?groupBy=phase']],
  ['queues', ['/v1/queues']],
  [
    'items',
    ['open', 'claimed', 'closed'].flatMap((state) =>
      [1, 200].map((limit) => `/v1/queues/all?state=${state}&limit=${limit}`),
    ),
  ],
  ['search', ['/v1/parties?q=nobody+of+this+name', '/v1/parties?zone=affection&tier=platinum&phase=lost']],
];

/** All party ids, page by page. */
const partyIds = async (client: WireClient): Promise<ReadonlyArray<string>> => {
  const ids: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const answer: unknown = JSON.parse(
      (await client.expect200(wireRequest('GET', `/v1/parties?limit=${A_PAGE}${cursor}`))).toString(),
    );
    if (typeof answer !== 'object' || answer === null || !('items' in answer) || !Array.isArray(answer.items))
      throw new Error('the list of parties has another shape');
    for (const item of answer.items) ids.push(String(item.partyId));
    after = 'next' in answer && typeof answer.next === 'string' ? answer.next : null;
  }
  return ids;
};

const questionsOf = async (
  client: WireClient,
  ids: ReadonlyArray<string>,
  startsAt: Instant,
): Promise<ReadonlyArray<Question>> => {
  const windows = (path: string) => [
    wireRequest('GET', path),
    wireRequest('GET', `${path}?from=${encodeURIComponent(toIso(startsAt))}`),
  ];
  const step = Math.max(1, ids.length / PARTIES);
  const sample = Array.from({ length: Math.min(PARTIES, ids.length) }, (_, index) => ids[Math.floor(index * step)]);
  return [
    ...(await namesOf(client, '/v1/figures', 'figures')).map((name): Question => ({
      kind: 'figures',
      name,
      requests: windows(`/v1/figures/${name}`),
    })),
    ...(await namesOf(client, '/v1/reports', 'reports')).map((name): Question => ({
      kind: 'reports',
      name,
      requests: windows(`/v1/reports/${name}`),
    })),
    ...(await namesOf(client, '/v1/figures', 'views')).map((name): Question => ({
      kind: 'views',
      name,
      requests: sample.map((id) => wireRequest('GET', `/v1/parties/${encodeURIComponent(String(id))}/${name}`)),
    })),
    ...lists.map(([name, paths]): Question => ({
      kind: 'lists',
      name,
      requests: paths.map((path) => wireRequest('GET', path)),
    })),
    ...['', '/timeline', '/loyalty', '/loyalty/history', '/provenance'].map((path): Question => ({
      kind: 'parties',
      name: path === '' ? 'profile' : path.slice(1),
      requests: sample.map((id) => wireRequest('GET', `/v1/parties/${encodeURIComponent(String(id))}${path}`)),
    })),
  ];
};

const p99 = async (times: number, ask: (index: number) => Promise<unknown>): Promise<number> => {
  const measured: number[] = [];
  const start = performance.now();
  while (measured.length < times && performance.now() - start < ASKED_MS) {
    const asked = performance.now();
    await ask(measured.length);
    measured.push(performance.now() - asked);
  }
  return percentile(measured, 0.99);
};

/** Of one kind the question with the longest time; `times` has one of each round. */
const slowestOf = (times: ReadonlyMap<Question, ReadonlyArray<number>>, kind: Question['kind']): string => {
  let [name, slowest] = ['none', 0];
  for (const [question, rounds] of times) {
    const middle = percentile(rounds, 0.5);
    if (question.kind === kind && middle > slowest) [name, slowest] = [question.name, middle];
  }
  return `${kind}: ${name} ${slowest.toFixed(1)}`;
};

/**
 * p99 of every `GET /v1/figures/{name}`, `/v1/reports/{model}` and `/v1/parties/{id}/{view}`, of the lists and
 * of what is asked of one party, one request after another: figures and reports over the last year and over
 * all of the history in turn, parties spread over all. A round's value is the slowest question; the note names that of each kind.
 * Raw: Node's own server answers as many bytes as the slowest.
 */
export const measureQueries = async ({
  entry,
  signal,
  say,
  prepare,
  clock,
  startsAt,
  rounds = ROUNDS,
}: QueriesOptions): Promise<Figure> =>
  besideBare(
    { entry, signal, connections: 1, prepare, environment: { AFECTO_CLOCK: toIso(clock) } },
    async ({ ours, bare }) => {
      const ids = await partyIds(ours);
      const questions = await questionsOf(ours, ids, startsAt);
      const times = new Map<Question, number[]>();
      const [slowest, raw]: [number[], number[]] = [[], []];
      for (let round = -1; round < rounds; round += 1) {
        let bytes = 0;
        let longest = 0;
        for (const question of questions) {
          say(`queries, ${round < 0 ? 'warming up' : `round ${round + 1}`}: ${question.name}`);
          const { requests } = question;
          let answered = 0;
          const measured = await p99(round < 0 ? WARM_UP : ASKED, async (index) => {
            const request = requests[(Math.max(0, round) * ASKED + index) % requests.length];
            if (request !== undefined) answered = (await ours.expect200(request)).length;
          });
          if (round < 0) continue;
          times.set(question, [...(times.get(question) ?? []), measured]);
          if (measured > longest) [longest, bytes] = [measured, answered];
        }
        const asked = wireRequest('GET', `/bytes/${Math.max(1, bytes)}`);
        const bareTime = await p99(ASKED, () => bare.expect200(asked));
        if (round >= 0) [slowest[round], raw[round]] = [longest, bareTime];
      }
      const named = kinds.map((kind) => slowestOf(times, kind)).join(', ');
      return {
        unit: 'ms',
        rounds: slowest,
        raw,
        note: `${named}; ${questions.length} questions, ${ids.length.toLocaleString('en-GB')} parties`,
      };
    },
  );
