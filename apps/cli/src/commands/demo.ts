import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Afecto, besideLog, openAfecto, openIntakeOnly } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import type { ItemView } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import pc from 'picocolors';
import { openSuperstore, superstorePath } from '../import';
import { openDemo } from '../simulator';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { itemsStory, loyaltyStory, profileStory, queuesStory, zonesStory } from '../terminal/story';
import { takeIn } from './import';
import { done, failed, type Outcome, refused } from './outcome';
import { rebuild, comparisonText } from './rebuild';
import { OPERATOR } from './review';
import { serveUntil } from './serve';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const heading = (text: string): void => say(`\n${pc.bold(pc.cyan(text))}`);

/** The end of the demonstration's data, read from the file itself. */
const endOfData = async (): Promise<E.Either<string, Instant>> => {
  const source = openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' });
  if (E.isLeft(source)) return E.left(source.left.message);
  for await (const fact of source.right.facts) void fact;
  const { endsAt } = source.right.report();
  return endsAt === null ? E.left('the Superstore file holds no order') : E.right(Date.parse(endsAt));
};

const must = <L extends { readonly message: string }, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.message);
  return either.right;
};

/**
 * The main job from end to end on real orders (Superstore) with simulated touchpoints, in a folder of
 * its own, the clock fixed at the end of the data. Then serves the same over HTTP until Ctrl-C.
 */
export const demo = async (
  given: CommandSettings,
  { serve, signal }: { readonly serve: boolean; readonly signal: AbortSignal },
): Promise<Outcome> => {
  const end = await endOfData();
  if (E.isLeft(end)) return failed(end.left);
  const now = end.right;
  const folder = mkdtempSync(join(tmpdir(), 'afecto-demo-'));
  const eventStore = `sqlite:${join(folder, 'afecto.db')}`;
  const settings: CommandSettings = {
    ...given,
    eventStore,
    readModels: besideLog(eventStore, 'read-models'),
    quarantine: besideLog(eventStore, 'quarantine'),
    now: () => now,
  };
  try {
    return await show(settings, { serve, signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const show = async (
  settings: CommandSettings,
  { serve, signal }: { readonly serve: boolean; readonly signal: AbortSignal },
): Promise<Outcome> => {
  say(`${pc.bold('Afecto')} — every touchpoint is a fact; profile, loyalty zone and queues are folded from them.`);
  say(pc.dim(`The clock stands at ${new Date(settings.now()).toISOString()}, the end of the data.`));

  heading('1. Facts in');
  const source = must(openDemo());
  const { intake, close } = must(openIntakeOnly(settings));
  const taken = must(await takeIn(intake, source, { shown: true, signal }));
  await close();
  if (taken.interrupted) return refused('interrupted');
  say(
    `${count(taken.accepted)} facts of Superstore (real orders) and of the simulator (service and satisfaction), ` +
      `durable in ${taken.seconds.toFixed(1)} s (${count(taken.accepted / taken.seconds)}/s)`,
  );

  heading('2. Projected, and the portfolio reviewed');
  const started = performance.now();
  const bars = { ledger: progressLine('ledger', true), customers: progressLine('customers', true) };
  const afecto = must(
    await openAfecto(settings, {
      signal,
      onProgress: ({ step, done: built, total }) => bars[step].update(built, total, rate(built, started)),
    }),
  );
  bars.ledger.end();
  bars.customers.end();
  try {
    const reviewed = must(await afecto.reviewPortfolio({ commandId: 'demo-review-1', actor: OPERATOR }));
    await afecto.projections.waitFor(reviewed.position, 60_000);
    say(`in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    await tour(afecto);
  } finally {
    await afecto.close();
  }

  heading('7. Rebuilt from the log');
  const rebuilt = must(await rebuild(settings, { shown: true, signal }));
  if (rebuilt === null) return refused('interrupted');
  say(
    `${count(rebuilt.facts)} facts in ${rebuilt.seconds.toFixed(1)} s (${count(rebuilt.factsPerSecond)}/s), ${comparisonText(rebuilt.comparison)}`,
  );
  if (rebuilt.comparison?.equal !== true) return refused('the rebuild differs');

  if (!serve) return done('');
  heading('8. The same over HTTP');
  await serveUntil(settings, signal, (url) => {
    say(`${pc.bold(url)}   Ctrl-C ends`);
    say(pc.dim(`  curl ${url}/v1/loyalty/zones?groupBy=zone`));
    say(pc.dim(`  curl '${url}/v1/queues/manage-dissatisfaction?limit=3'`));
    say(pc.dim(`  curl '${url}/v1/parties?zone=defection&limit=5'`));
    say(pc.dim(`  ${url}/docs`));
  });
  return done('');
};

const tour = async (afecto: Afecto): Promise<void> => {
  const { answers } = afecto;
  heading('3. Where customers stand');
  say(zonesStory(await answers.zones(['zone'])));

  heading('4. Eight queues, and their heads');
  say(queuesStory(await answers.queueKpis()));
  say('');
  const heads: ItemView[] = [];
  for (const queue of ['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'] as const)
    heads.push(
      ...(await answers.queue(queue, { limit: 5 })).items.filter(({ visibility }) => visibility === 'visible').slice(0, 1),
    );
  say(itemsStory(heads));

  heading('5. One customer, and why');
  const item = await mendable(afecto);
  const partyId = item?.who.partyId ?? (await answers.parties({ zone: 'defection' }, { limit: 1 })).items[0]?.partyId;
  if (partyId === undefined) return;
  await showCustomer(afecto, partyId);

  heading('6. An agent claims the item and recovers the customer');
  if (item === null) say('no complaint waits for its follow-up');
  else await recover(afecto, item);
};

const showCustomer = async ({ answers }: Afecto, partyId: string): Promise<void> => {
  const [profile, loyalty] = [await answers.profile(partyId), await answers.loyalty(partyId)];
  if (profile === null || loyalty === null) return;
  say(profileStory(profile));
  say('');
  say(loyaltyStory(loyalty));
};

/** The most urgent complaint of a customer whose zone a good recovery would change. */
const mendable = async ({ answers }: Afecto): Promise<ItemView | null> => {
  const { items } = await answers.queue('Q1', { limit: 1_000 });
  for (const item of items) {
    if (item.visibility !== 'visible' || item.who.skill !== 'any') continue;
    const customer = await answers.state(item.who.partyId);
    if (customer === null || customer.standing.loyalty.zone !== 'defection') continue;
    const complaint = customer.evidence.complaints.get(item.triggerKey);
    const rules = customer.standing.loyalty.rules.filter((rule) => rule.startsWith('H'));
    if (complaint !== undefined && complaint.receivedAt !== null && complaint.verdict === null && rules.length === 0) return item;
  }
  return items.find(({ visibility, who }) => visibility === 'visible' && who.skill === 'any') ?? null;
};

const recover = async (afecto: Afecto, item: ItemView): Promise<void> => {
  const { answers, commands, projections } = afecto;
  const { partyId } = item.who;
  const before = await answers.loyalty(partyId);
  const agentId = 'agent-ada';
  let step = 0;
  const execute = async (name: string, body: Readonly<Record<string, unknown>>): Promise<string | null> => {
    const outcome = must(await commands.execute({ name, body, commandId: `demo-${++step}-${item.itemId}`, actor: OPERATOR }));
    await projections.waitFor(outcome.position, 30_000);
    say(`  ${pc.green('✓')} ${name}${outcome.events.length > 0 ? pc.dim(` → ${outcome.events.map(({ type }) => type).join(', ')}`) : ''}`);
    return outcome.events.at(-1)?.eventId ?? null;
  };
  await execute('ClaimWorkItem', { itemId: item.itemId, agentId });
  const complaint = (await answers.state(partyId))?.evidence.complaints.get(item.triggerKey);
  let evidenceEventId: string | null = null;
  if (complaint !== undefined) {
    const { complaintId } = complaint;
    if (complaint.resolvedAt === null) {
      await execute('GrantCompensation', { complaintId, kind: 'credit', amountMinor: 2_500, justice: 'distributive' });
      await execute('ResolveComplaint', { complaintId, decision: 'upheld', rootCause: 'late_delivery', immediate: true });
    }
    evidenceEventId = await execute('FollowUpComplaint', { complaintId, verdict: 5 });
  }
  await execute('CompleteWorkItem', {
    itemId: item.itemId,
    agentId,
    outcome: evidenceEventId === null ? 'apologised' : 'recovered',
    ...(evidenceEventId === null ? {} : { evidenceEventId }),
  });
  const after = await answers.loyalty(partyId);
  if (before === null || after === null) return;
  say(
    `  ${before.zone} (${before.score?.toFixed(1) ?? '–'}) → ${pc.bold(after.zone)} (${after.score?.toFixed(1) ?? '–'})` +
      (after.heldBy === null ? '' : `, held by ${after.heldBy}`),
  );
};
