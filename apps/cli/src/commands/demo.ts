import { join } from 'node:path';
import { type Afecto, besideLog, classesOfExport, openAfecto, openIntakeOnly } from '@afecto/application';
import { type Instant, queueIds, toIso } from '@afecto/domain';
import { parseStoreUrl } from '@afecto/event-store';
import type { ItemView } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import { type CloudEvent, type ImportSource, openSuperstore, superstorePath } from '../import';
import type { CommandSettings } from '../settings';
import { openDemo } from '../simulator';
import { buildBars } from '../terminal/build-bars';
import { colours } from '../terminal/colours';
import { explanationStory } from '../terminal/explanation-story';
import { count, counted } from '../terminal/numbers';
import { itemsStory, queuesStory, zonesStory } from '../terminal/portfolio-story';
import { profileStory } from '../terminal/profile-story';
import { progressLine } from '../terminal/progress';
import { customerToRecover, recover } from './demo-recovery';
import { done, failed, interrupted, type Outcome, refused } from './outcome';
import { onRecord } from './privacy-record';
import { comparisonText, rebuild } from './rebuild';
import { OPERATOR } from './review';
import { serveUntil } from './serve';
import { takeIn } from './take-in';
import { temporaryFolder } from './temporary-folder';

export interface DemoOptions {
  /** Serve over HTTP after the show, until the signal. */
  readonly serve: boolean;
  /** So many customers only; default all. */
  readonly customers?: number;
  readonly signal: AbortSignal;
}

type Failure = { readonly message: string };

const say = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};
const heading = (text: string): void => say(`\n${colours.bold(colours.cyan(text))}`);
const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`;

/** Items of a queue looked at for the first visible one. */
const HEAD_ITEMS = 50;
const PROJECTED_WITHIN_MS = 120_000;

const isOnServer = ({ eventStore }: CommandSettings): boolean => {
  const location = parseStoreUrl(eventStore);
  return E.isRight(location) && location.right.engine === 'eventstoredb';
};

/** The end of the demonstration's data, read from the file itself. */
const endOfData = async (): Promise<E.Either<Failure, Instant>> => {
  const source = openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' });
  if (E.isLeft(source)) return source;
  for await (const fact of source.right.facts) void fact;
  const { endsAt } = source.right.report();
  return endsAt === null ? E.left({ message: 'The Superstore file holds no order.' }) : E.right(Date.parse(endsAt));
};

/**
 * The main job from end to end on real orders (Superstore) with simulated touchpoints, in a folder of
 * its own, the clock fixed at the end of the data. Then serves the same over HTTP until Ctrl-C. A log on
 * a server is taken as it is named, and keeps the facts.
 */
export const demo = async (given: CommandSettings, options: DemoOptions): Promise<Outcome> => {
  const { serve, signal } = options;
  if (given.json) return failed('The demo is for people and has no --json; every other command has.');
  const end = await endOfData();
  if (E.isLeft(end)) return failed(end.left.message);
  const now = end.right;
  const folder = temporaryFolder('afecto-demo-');
  const file = `sqlite:${join(folder.path, 'afecto.db')}`;
  const settings: CommandSettings = {
    ...given,
    eventStore: isOnServer(given) ? given.eventStore : file,
    readModels: besideLog(file, 'read-models'),
    quarantine: besideLog(file, 'quarantine'),
    now: () => now,
  };
  try {
    const shown = await Promise.race([show(settings, options), interruption(signal)]);
    if (shown.exitCode !== 0 || !serve) return shown;
    await serveTheSame(settings, signal);
    return shown;
  } finally {
    folder.remove();
  }
};

const gone = interrupted('Interrupted; the temporary folder is gone.');

/** All that the show has made is thrown away with its folder: an interruption need not wait for the step under way. */
const interruption = (signal: AbortSignal): Promise<Outcome> =>
  new Promise((resolve) => {
    const end = (): void => resolve(gone);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

const show = async (settings: CommandSettings, options: DemoOptions): Promise<Outcome> => {
  const started = performance.now();
  say(`${colours.bold('Afecto')}: every touchpoint is a fact; profile, loyalty zone and queues are folded from them.`);
  say(colours.dim(`The clock stands at ${toIso(settings.now())}, the end of the data.`));
  for (const part of [factsIn, projectAndLook, rebuilt]) {
    const outcome = await part(settings, options);
    if (options.signal.aborted) return gone;
    if (outcome !== null) return outcome;
  }
  say(colours.dim(`\nAll of this took ${seconds(started)}.`));
  return done('');
};

/** Null: all went well. */
type Part = (settings: CommandSettings, options: DemoOptions) => Promise<Outcome | null>;

/** Facts in memory as a source that knows how many there are. */
const handedOut = (facts: ReadonlyArray<CloudEvent>): Pick<ImportSource<CloudEvent>, 'facts' | 'progress'> => {
  let handed = 0;
  async function* oneByOne(): AsyncGenerator<CloudEvent> {
    for (const fact of facts) {
      handed += 1;
      yield fact;
    }
  }
  return { facts: oneByOne(), progress: () => ({ readBytes: handed, totalBytes: facts.length }) };
};

const factsIn: Part = async (settings, { signal, customers }) => {
  heading('1. Facts in');
  const source = openDemo(customers === undefined ? {} : { customers });
  if (E.isLeft(source)) return failed(source.left.message);
  const opened = await openIntakeOnly(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const { intake, close } = opened.right;
  const facts: CloudEvent[] = [];
  for await (const fact of source.right.facts) facts.push(fact);
  const taken = await takeIn(intake, handedOut(facts), { shown: true, signal });
  await close();
  if (E.isLeft(taken)) return failed(taken.left.message);
  const { accepted, rejected, reasons, seconds: took } = taken.right;
  if (rejected > 0) return refused(`${counted(rejected, 'fact')} refused: ${reasons[0]?.message ?? ''}`);
  say(`  ${count(accepted)} facts, durable in ${took.toFixed(1)} s (${count(accepted / took)}/s):`);
  say(
    colours.dim('  the real orders of Superstore, and simulated contacts, complaints, surveys and service around them'),
  );
  return null;
};

const projectAndLook: Part = async (settings, { signal }) => {
  heading('2. Projected, and the portfolio reviewed');
  const started = performance.now();
  const bars = buildBars(true);
  const opened = await openAfecto(settings, { signal, onProgress: bars.onProgress });
  bars.end();
  if (E.isLeft(opened)) return failed(opened.left.message);
  const afecto = opened.right;
  try {
    const line = progressLine('review', true);
    const reviewed = await afecto.reviewPortfolio({
      commandId: 'demo-review-1',
      actor: OPERATOR,
      onProgress: (customers) => line.update(customers, null, counted(customers, 'customer')),
    });
    line.end();
    if (E.isLeft(reviewed)) return failed(reviewed.left.message);
    await afecto.projections.waitFor(reviewed.right.position, PROJECTED_WITHIN_MS);
    say(`  360° profiles, zones and queues of everyone in ${seconds(started)}`);
    return signal.aborted ? null : await tour(afecto, settings.now());
  } finally {
    await afecto.close();
  }
};

const tour = async (afecto: Afecto, now: Instant): Promise<Outcome | null> => {
  const { answers } = afecto;
  heading('3. Where customers stand');
  say(zonesStory(await answers.zones(['zone'])));

  heading('4. Eight queues, and the head of each');
  say(queuesStory(await answers.queueKpis()));
  say();
  const heads: ItemView[] = [];
  for (const queue of queueIds) {
    const { items } = await answers.queue(queue, { limit: HEAD_ITEMS });
    heads.push(...items.filter(({ visibility }) => visibility === 'visible').slice(0, 1));
  }
  say(itemsStory(heads, now));

  heading('5. One customer, and why');
  const item = await customerToRecover(afecto);
  const partyId = item?.who.partyId ?? heads[0]?.who.partyId;
  if (partyId === undefined) return failed('No customer is in any queue.');
  const [profile, loyalty] = [await answers.profile(partyId), await answers.loyalty(partyId)];
  if (profile !== null && loyalty !== null) {
    const members = new Map(profile.members.map((member) => [member, classesOfExport]));
    const unwritten = await onRecord('afecto demo', members, afecto.settings);
    if (unwritten !== null) return failed(unwritten);
    say(`${profileStory(profile)}\n\n${explanationStory(loyalty)}`);
  }

  heading('6. An agent claims the item, and the customer moves');
  if (item === null) return failed('No complaint waits for its follow-up.');
  const recovered = await recover(afecto, item, say);
  return E.isLeft(recovered) ? failed(recovered.left.message) : null;
};

const rebuilt: Part = async (settings, { signal }) => {
  heading('7. Rebuilt from the log');
  const result = await rebuild(settings, { shown: true, signal });
  if (E.isLeft(result)) return failed(result.left.message);
  if (result.right === null) return gone;
  const { facts, seconds: took, factsPerSecond, comparison } = result.right;
  say(`  ${counted(facts, 'fact')} in ${took.toFixed(1)} s (${count(factsPerSecond)}/s)`);
  say(`  ${comparison?.equal === true ? colours.green('✓') : colours.red('✗')} ${comparisonText(comparison)}`);
  return comparison?.equal === true ? null : refused('');
};

const serveTheSame = async (settings: CommandSettings, signal: AbortSignal): Promise<void> => {
  heading('8. The same over HTTP, and for EventStoreDB clients');
  await serveUntil(settings, signal, ({ url, gatewayUrl }) => {
    say(`  ${colours.bold(url)}  until Ctrl-C; try`);
    say(`  curl '${url}/v1/loyalty/zones?groupBy=zone'`);
    say(`  curl '${url}/v1/queues/manage-dissatisfaction?limit=3'`);
    say(`  curl '${url}/v1/parties?zone=defection&limit=5'`);
    say(`  curl '${url}/v1/reports/idic'`);
    say(`  ${url}/docs in a browser`);
    if (gatewayUrl !== null)
      say(`  ${colours.bold(gatewayUrl)}  for any EventStoreDB client: catch up, subscribe, compete`);
  });
};
