import {
  type CustomerFold,
  type Fact,
  type Instant,
  type Links,
  linksOf,
  type MajorityWarning,
  majorityWarnings,
  membersOf,
  NEVER,
  type Notification,
  regimeOf,
  rootOf,
  startFold,
  warningsBetween,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import type { World } from './customer-facts';
import type { IntakeBatch } from './intake-batch';
import { isLink, placedFact } from './ledger-entry';

/** The world that facts about policy and links make, with the links in force at an instant. */
export const worldOf = (facts: ReadonlyArray<Fact>, asOf: Instant): World => ({
  links: linksOf(facts.filter(isLink), asOf),
  regime: regimeOf(facts.filter((fact) => !isLink(fact))),
});

/** The merges and policies in force at the engine's horizon, kept as their facts come. */
export class CurrentWorld implements World {
  private globals: ReadonlyArray<Fact> = [];
  /** All merges and separations known, also those dated ahead. */
  linkFacts: ReadonlyArray<Fact> = [];
  links: Links = linksOf([]);
  regime = regimeOf([]);
  /** What the last batch changed of what the majority rule says of campaigns, to be told with it. */
  untold: ReadonlyArray<Notification> = [];
  private warnings: ReadonlyArray<MajorityWarning> = [];
  private linked: ReadonlySet<string> = new Set();
  /** When the next merge or separation that is dated ahead takes effect. */
  nextLinkAt: Instant = NEVER;

  constructor(
    private readonly readModels: ReadModels,
    private readonly store: EventStore,
  ) {}

  async reload(horizon: Instant): Promise<void> {
    const events = await this.store.eventsAt(await this.readModels.worldFacts());
    const facts = events.map(placedFact).flatMap((entry) => (entry === null ? [] : [entry.fact]));
    this.linkFacts = facts.filter(isLink);
    this.globals = facts.filter((fact) => !isLink(fact));
    this.regime = regimeOf(this.globals);
    this.warnings = majorityWarnings(this.globals, this.regime);
    this.untold = [];
    this.relink(horizon);
  }

  /** Everything known about policy and links. */
  get facts(): ReadonlyArray<Fact> {
    return [...this.linkFacts, ...this.globals];
  }

  /** The world as it was at another instant, or as it was known then. */
  asOf(asOf: Instant, knownAt: Instant): World {
    return worldOf(
      this.facts.filter(({ recordedAt }) => recordedAt <= knownAt),
      asOf,
    );
  }

  /** Takes the batch's links and policies into force; returns the links from before. */
  take(batch: IntakeBatch, horizon: Instant): Links {
    const before = this.links;
    if (batch.links.length > 0) {
      this.linkFacts = [...this.linkFacts, ...batch.links];
      this.relink(horizon);
    }
    this.untold = [];
    if (batch.globals.length > 0) {
      this.globals = [...this.globals, ...batch.globals];
      this.regime = regimeOf(this.globals);
      const warned = this.warnings;
      this.warnings = majorityWarnings(this.globals, this.regime);
      const fresh = new Set(batch.globals.map(({ eventId }) => eventId));
      this.untold = warningsBetween(warned, this.warnings, { facts: this.globals.length, fresh });
    }
    return before;
  }

  /** Takes links dated in (from, to] into force; returns everyone they touch. */
  takeDue(from: Instant, to: Instant): Set<string> {
    const before = this.links;
    const due = this.linkFacts.filter(({ occurredAt }) => occurredAt > from && occurredAt <= to);
    this.relink(to);
    return this.touchedBy(due, before);
  }

  /** Everyone who was or is one customer with a party that these links name. */
  touchedBy(facts: ReadonlyArray<Fact>, before: Links): Set<string> {
    const touched = new Set<string>();
    for (const fact of facts)
      for (const subject of fact.subjects)
        for (const links of [before, this.links])
          for (const member of membersOf(links, rootOf(links, subject))) touched.add(member);
    return touched;
  }

  /** Whether a merge or a separation names this party. */
  isLinked(partyId: string): boolean {
    return this.linked.has(partyId);
  }

  /** Facts about policy and links. */
  get factCount(): number {
    return this.linkFacts.length + this.globals.length;
  }

  /** A customer of whom nothing has happened yet: all its facts are dated ahead. */
  emptyFold(root: string): CustomerFold {
    return startFold(root, membersOf(this.links, root), this.regime);
  }

  private relink(horizon: Instant): void {
    this.links = linksOf(this.linkFacts, horizon);
    this.linked = new Set(this.linkFacts.flatMap(({ subjects }) => subjects));
    this.nextLinkAt = this.linkFacts.reduce(
      (next, { occurredAt }) => (occurredAt > horizon ? Math.min(next, occurredAt) : next),
      NEVER,
    );
  }
}
