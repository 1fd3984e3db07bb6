import { writeFileSync } from 'node:fs';
import * as E from 'fp-ts/Either';
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

/** All facts, or those of the first customers who appear. */
export const demoFacts = async (customers = Infinity): Promise<GivenFacts> => {
  const source = openDemo();
  if (E.isLeft(source)) throw new Error(source.left.message);
  const parties = new Set<string>();
  const facts: CloudEvent[] = [];
  for await (const fact of source.right.facts) {
    const { subject } = fact;
    if (subject !== undefined && !parties.has(subject)) {
      if (parties.size >= customers) continue;
      parties.add(subject);
    }
    facts.push(fact);
  }
  for (const fact of facts)
    if (fact.type === 'ReferralMade' && fact.data.referredId !== undefined) parties.add(fact.data.referredId);
  return { facts, parties: parties.size, clock: source.right.report().endsAt ?? '' };
};

/** One fact a line. */
export const ndjson = (facts: ReadonlyArray<unknown>): string =>
  facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');

export const writeNdjson = (file: string, facts: ReadonlyArray<unknown>): void => writeFileSync(file, ndjson(facts));
