import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import { RUN_FOLDER } from '../../../../libs/gateway/src/testing/gateway-process';
import type { CloudEvent } from '../import';
import { openDemo } from '../simulator';

/** Facts of the demonstration: real orders with simulated touchpoints, the configuration first. */
export interface GivenFacts {
  readonly facts: ReadonlyArray<CloudEvent>;
  /** How many parties they speak of; referrals speak of two. */
  readonly parties: number;
  /** The end of the data, for `--clock`. */
  readonly clock: string;
}

/** What `demoFacts` chooses from. */
interface DemoData {
  readonly facts: ReadonlyArray<CloudEvent>;
  readonly clock: string;
}

const simulated = async (): Promise<DemoData> => {
  const source = openDemo();
  if (E.isLeft(source)) throw new Error(source.left.message);
  const facts: CloudEvent[] = [];
  for await (const fact of source.right.facts) facts.push(fact);
  return { facts, clock: source.right.report().endsAt ?? '' };
};

/** Simulated once in a run, read by every other file of it: the same seed gives the same facts. */
const demoData = async (): Promise<DemoData> => {
  const shared = process.env[RUN_FOLDER];
  if (shared === undefined) return simulated();
  const file = join(shared, 'demo-facts.json');
  // What comes back is what `simulated` wrote: the two ends are compiled from the same sources.
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoData;
  const data = await simulated();
  const own = `${file}-${process.pid}`;
  writeFileSync(own, JSON.stringify(data));
  renameSync(own, file);
  return data;
};

/** All facts, or those of the first customers who appear. */
export const demoFacts = async (customers = Infinity): Promise<GivenFacts> => {
  const { facts: all, clock } = await demoData();
  const parties = new Set<string>();
  const facts: CloudEvent[] = [];
  for (const fact of all) {
    const { subject } = fact;
    if (subject !== undefined && !parties.has(subject)) {
      if (parties.size >= customers) continue;
      parties.add(subject);
    }
    facts.push(fact);
  }
  for (const fact of facts)
    if (fact.type === 'ReferralMade' && fact.data.referredId !== undefined) parties.add(fact.data.referredId);
  return { facts, parties: parties.size, clock };
};

/** What a shop tells, as CloudEvents; each with an id of its own that begins so. */
export const shopEvents = (prefix: string) => {
  let serial = 0;
  const event = (type: string, time: string, subject: string | undefined, data: object) => ({
    specversion: '1.0',
    id: `${prefix}${(serial += 1)}`,
    source: 'shop',
    type,
    time,
    ...(subject === undefined ? {} : { subject }),
    data,
  });
  const registered = (partyId: string, displayName: string, time: string) =>
    event('PartyRegistered', time, partyId, { partyId, kind: 'person', displayName, source: 'shop' });
  return { event, registered };
};

/** One fact a line. */
export const ndjson = (facts: ReadonlyArray<unknown>): string =>
  facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');

export const writeNdjson = (file: string, facts: ReadonlyArray<unknown>): void => writeFileSync(file, ndjson(facts));
